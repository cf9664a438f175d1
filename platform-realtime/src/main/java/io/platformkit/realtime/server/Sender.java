package io.platformkit.realtime.server;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.GapReason;
import io.platformkit.realtime.topics.Lane;
import io.platformkit.realtime.topics.Subscriber;
import io.platformkit.realtime.topics.Subscription;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Sends to one session's client: what topics deliver, on its loop, and in turn with that what
 * anybody else has to say. After its end nothing is sent.
 */
final class Sender implements Subscriber {
  private final String session;
  private final Node node;
  private final Lane lane;
  private final Outbox outbox; // the loop's
  private volatile boolean ended; // set on the loop

  Sender(String session, Node node, Lane lane, Carrier carrier) {
    this.session = session;
    this.node = node;
    this.lane = lane;
    outbox = new Outbox(carrier, node.limits(), node.envelopes(), node.metrics());
  }

  // On any thread

  boolean isEnded() {
    return ended;
  }

  Carrier carrier() {
    return outbox.carrier();
  }

  long pendingBytes() {
    return outbox.pendingBytes();
  }

  /** Sends an envelope past what waits. */
  void control(String type, byte[] envelope) {
    if (envelope.length > node.limits().maxPendingBytes()) {
      throw new IllegalArgumentException(
          "message '%s' had %d bytes but it must have at most %d"
              .formatted(type, envelope.length, node.limits().maxPendingBytes()));
    }
    onLoop(box -> box.control(type, envelope));
  }

  /** As {@link #control}, of bytes that are no envelope. */
  void binary(byte[] payload) {
    onLoop(box -> box.binary(payload));
  }

  /** As {@link Carrier#moved}. */
  void moved(String topic, Optional<Position> at) {
    onLoop(box -> box.moved(topic, at));
  }

  void ping() {
    onLoop(box -> box.carrier().ping());
  }

  /** Tells the client to come back later. */
  void comeBack(long millis) {
    byte[] envelope = node.envelopes().of("reconnect", null, Map.of("after_ms", millis));
    onLoop(box -> box.carrier().comeBack(millis, envelope));
  }

  void close(CloseReason why) {
    onLoop(box -> box.carrier().close(why));
  }

  /** In turn with what topics deliver: an answer comes before what follows from it. */
  private void onLoop(Consumer<Outbox> step) {
    if (!ended) {
      lane.execute(this, () -> guarded(() -> step.accept(outbox)));
    }
  }

  /** What fails for one connection ends it, and leaves the others of its lane alone. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      fail(failure);
    }
  }

  private void fail(RuntimeException failure) {
    node.errors().handle("session " + session, failure);
    outbox.carrier().close(CloseReason.UNAVAILABLE);
  }

  // The subscriber; on its loop but for the first two

  @Override
  public String id() {
    return session;
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public boolean deliver(Subscription subscription, Batch batch) {
    if (ended) {
      return true;
    }
    try {
      return outbox.deliver(subscription, batch);
    } catch (RuntimeException failure) {
      fail(failure);
      return true;
    }
  }

  @Override
  public void gap(Subscription subscription, GapReason why) {
    guarded(() -> outbox.gap(subscription, why));
  }

  @Override
  public void flush() {
    outbox.carrier().flush();
  }

  @Override
  public CompletableFuture<Void> written() {
    return outbox.written();
  }

  /** The carrier has room again. */
  void writable() {
    outbox.drain();
  }

  /** Forgets what waits. */
  void end() {
    ended = true;
    outbox.clear();
  }
}
