package io.platformkit.benchmarks.stores;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.Tail;
import io.platformkit.core.log.TailListener;
import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Our side: the ports of one server. */
final class Ports implements Store {
  private final KeyValueStore values;
  private final EventLog log;
  private final Runnable closing;

  /**
   * The ports of one door.
   *
   * @param closing closes the door
   */
  Ports(KeyValueStore values, EventLog log, Runnable closing) {
    this.values = values;
    this.log = log;
    this.closing = closing;
  }

  @Override
  public byte[] get(String key) {
    return values.get(key).orElseThrow().value();
  }

  @Override
  public void put(String key, byte[] value) {
    values.put(key, value, Ttl.NEVER);
  }

  @Override
  public long compareAndSet(String key, long expected, byte[] value) {
    return switch (values.compareAndSet(key, expected, value, Ttl.NEVER)) {
      case Cas.Stored stored -> stored.version();
      case Cas.Conflict conflict -> throw new IllegalStateException(conflict.toString());
    };
  }

  @Override
  public void append(String stream, byte[] data) throws Exception {
    log.append(stream, data).get();
  }

  @Override
  public void appendAll(String stream, List<byte[]> batch) throws Exception {
    log.appendAll(stream, batch).get();
  }

  @Override
  public int read(String stream, int limit) {
    return switch (log.read(stream, Position.OLDEST, limit)) {
      case Read.Entries some -> some.entries().size();
      case Read.Gap gap -> throw new IllegalStateException(gap.toString());
    };
  }

  @Override
  public Follower follow(String stream) throws Exception {
    Semaphore seen = new Semaphore(0);
    Tail tail =
        log.tail(
            new TailListener() {
              @Override
              public void onEntries(String name, List<Entry> entries) {
                seen.release(entries.size());
              }

              @Override
              public void onGap(String name, Read.Gap gap) {
                throw new IllegalStateException(gap.toString());
              }
            });
    tail.add(stream, log.head(stream));
    return new Follower() {
      @Override
      public void awaitNext() throws InterruptedException {
        seen.acquire();
      }

      @Override
      public void close() {
        tail.close();
      }
    };
  }

  @Override
  public void close() {
    closing.run();
  }
}
