package io.platformkit.benchmarks.stores;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * What both sides of the duel do on one server: bytes under a key, and entries of streams. A call
 * returns when the server has acknowledged it. Used by many threads at once.
 */
interface Store extends AutoCloseable {
  byte[] get(String key) throws Exception;

  void put(String key, byte[] value) throws Exception;

  /**
   * Sets a key if it has the version.
   *
   * @param expected 0 if the key must not be there
   * @return the new version
   */
  long compareAndSet(String key, long expected, byte[] value) throws Exception;

  /** Appends; offsets of a stream are dense, and in the order in which they become visible. */
  void append(String stream, byte[] data) throws Exception;

  /** Appends all or none. */
  void appendAll(String stream, List<byte[]> batch) throws Exception;

  /**
   * Reads entries after the beginning of a stream, each with offset, mark and time, and the
   * stream's head, in one snapshot; how many there were.
   */
  int read(String stream, int limit) throws Exception;

  /** What a reader gets of an entry. */
  @SuppressWarnings("ArrayRecordComponent") // handed out once
  record Found(long offset, long mark, Instant time, byte[] data) {}

  /** Follows a stream that exists, from its head. */
  Follower follow(String stream) throws Exception;

  @Override
  void close() throws SQLException;

  /** Sees each entry of one stream. */
  interface Follower extends AutoCloseable {
    /** Waits until one more entry was seen. */
    void awaitNext() throws Exception;

    @Override
    void close() throws SQLException;
  }
}
