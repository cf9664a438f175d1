package io.platformkit.realtime.topics;

import java.util.concurrent.CompletableFuture;

/**
 * A connection, as topics see it. All but {@link #id} and {@link #lane} are called by the thread of
 * its lane.
 */
public interface Subscriber {
  /** The session's id. */
  String id();

  /** The event loop that it lives on. */
  Lane lane();

  /**
   * Takes messages; {@link #flush} follows.
   *
   * @return false if there is no room for them: then it has taken none, and gets the messages of
   *     this topic again when it calls {@link Subscription#resume}
   */
  boolean deliver(Subscription subscription, Batch batch);

  /**
   * Something of the topic was missed, or may have been; what comes after the subscription's
   * position follows.
   */
  void gap(Subscription subscription, GapReason why);

  /** Sends what was delivered. */
  void flush();

  /** Completes when all that was delivered has left, or fails when the connection has ended. */
  CompletableFuture<Void> written();
}
