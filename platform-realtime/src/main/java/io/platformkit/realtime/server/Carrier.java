package io.platformkit.realtime.server;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What carries a session: a WebSocket, or a stream of events. For its event loop alone. */
interface Carrier {
  /** How it is called in metrics: {@code websocket}, {@code sse}. */
  String name();

  /**
   * A topic is at a position now, for what is written behind; empty if it is received no more, or
   * has no history.
   */
  void moved(String topic, Optional<Position> at);

  /** Writes messages of a topic; {@link #flush} follows. */
  void write(Subscription subscription, Batch batch);

  /**
   * Writes one envelope that is of no topic; {@link #flush} follows.
   *
   * @param type the envelope's
   */
  void write(String type, byte[] envelope);

  /**
   * Whether it can always tell its client where it is in all of some topics; on any thread.
   *
   * @param kept those with history, asked for if it matters
   */
  boolean canPlace(Supplier<List<String>> kept);

  /**
   * Whether it carries bytes that are no envelopes; on any thread.
   *
   * @throws UnsupportedOperationException if it does not
   */
  void requireBinary();

  /** Writes bytes that are no envelope; {@link #flush} follows. */
  void writeBinary(byte[] payload);

  /**
   * Tells the client to come back after so many milliseconds; its end follows.
   *
   * @param envelope that says so
   */
  void comeBack(long millis, byte[] envelope);

  /** Whether it takes more; when it did not, and does again, the session is told. */
  boolean isWritable();

  /** Bytes that were written and that the system has not taken yet. */
  long pendingBytes();

  /** Hands what was written to the system. */
  void flush();

  /** Completes when all that was written has left, or fails when the connection has ended. */
  CompletableFuture<Void> written();

  /** Asks whether the client is there. */
  void ping();

  /** Reads no more from the client until {@link #resumeReading}. */
  void pauseReading();

  /** Reads on. */
  void resumeReading();

  /** Ends it, and tells the client why. */
  void close(CloseReason why);

  /** Ends it at once, without a word. */
  void cut();
}
