package io.platformkit.core.bus;

import java.util.concurrent.CompletableFuture;

/**
 * Publishes messages to whoever is subscribed now, at most once, also to the publisher's own
 * subscriptions. Safe for concurrent use.
 *
 * <p>Promises, kept by every implementation and proved by {@code MessageBusContract}:
 *
 * <ul>
 *   <li>Messages of one publisher to one topic come in order.
 *   <li>A message is delivered once or not at all. Whoever has perhaps missed some is told by
 *       {@link BusListener#onMissed}: after the connection was lost, and when its queue was full.
 *       Whoever keeps state from messages must then read it anew.
 *   <li>What is published after {@link #subscribe} has returned is delivered, or missed and told.
 * </ul>
 *
 * <p>Topics are names, see {@link io.platformkit.core.Bounds#requireName}. Bad arguments and a
 * closed bus throw at the call.
 */
public interface MessageBus extends AutoCloseable {
  /** Largest message: 64 KiB. */
  int MAX_BYTES = 1 << 16;

  /** Messages that wait for one subscriber; one more, and it is told that it missed some. */
  int DEFAULT_QUEUE = 1024;

  /**
   * Sends one message. Two calls by one thread keep their order.
   *
   * @param data copied or sent before this returns
   * @return completes, on a thread of the adapter, when the server has taken it; fails with {@link
   *     io.platformkit.core.UnavailableException} or {@link
   *     io.platformkit.core.OutcomeUnknownException}, and is not sent again
   */
  CompletableFuture<Void> publish(String topic, byte[] data);

  /** Delivers messages of a topic from now on. Blocks until it is live. */
  Subscription subscribe(String topic, BusListener listener);

  /** Ends all subscriptions, completes what was published, releases what the bus itself opened. */
  @Override
  void close();
}
