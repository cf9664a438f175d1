package io.platformkit.realtime.server;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.SlowConsumers;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.GapReason;
import io.platformkit.realtime.topics.Subscription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a session sends, and what waits because its client reads slowly: bounded in bytes, those
 * that the carrier holds counted. For its event loop alone.
 *
 * <p>Replies and other envelopes of no topic pass what waits.
 */
final class Outbox {
  private final Carrier carrier;
  private final Limits limits;
  private final Envelopes envelopes;
  private final RealtimeMetrics metrics;
  private Deque<Waiting> waiting = new ArrayDeque<>(0);
  private List<Subscription> stalled = List.of();
  private Set<String> toldMissed = Set.of(); // the topics, since nothing waited
  private long waitingBytes;

  Outbox(Carrier carrier, Limits limits, Envelopes envelopes, RealtimeMetrics metrics) {
    this.carrier = carrier;
    this.limits = limits;
    this.envelopes = envelopes;
    this.metrics = metrics;
  }

  /** What waits, in its order. */
  private sealed interface Waiting {}

  /** Messages that leave together, or are dropped together. */
  private record Messages(Subscription subscription, Batch batch) implements Waiting {}

  /** Something between them was missed. */
  @SuppressWarnings("ArrayRecordComponent") // on its way out
  private record Gap(Subscription subscription, Optional<Position> at, byte[] envelope)
      implements Waiting {}

  Carrier carrier() {
    return carrier;
  }

  long pendingBytes() {
    return carrier.pendingBytes() + waitingBytes;
  }

  /** As {@link io.platformkit.realtime.topics.Subscriber#deliver}. */
  boolean deliver(Subscription subscription, Batch batch) {
    if (waiting.isEmpty() && carrier.isWritable()) {
      send(subscription, batch);
      return true;
    }
    if (fits(batch) || makeRoom(subscription, batch)) {
      waiting.add(new Messages(subscription, batch));
      waitingBytes += batch.bytes();
      return true;
    }
    return refuse(subscription, batch);
  }

  private void send(Subscription subscription, Batch batch) {
    carrier.write(subscription, batch);
    metrics.sent(batch.deliveries().size(), batch.bytes());
  }

  private boolean fits(Batch batch) {
    return pendingBytes() + batch.bytes() <= limits.maxPendingBytes();
  }

  /** Drops the oldest of topics without history, if this one is such. */
  private boolean makeRoom(Subscription subscription, Batch batch) {
    if (!isDroppable(subscription)) {
      return false;
    }
    Iterator<Waiting> oldestFirst = waiting.iterator();
    while (oldestFirst.hasNext() && !fits(batch)) {
      if (oldestFirst.next() instanceof Messages oldest && isDroppable(oldest.subscription())) {
        oldestFirst.remove();
        waitingBytes -= oldest.batch().bytes();
        drop(oldest.subscription(), oldest.batch());
      }
    }
    return fits(batch);
  }

  private static boolean isDroppable(Subscription subscription) {
    return subscription.options().slowConsumers() == SlowConsumers.DROP_OLDEST
        && subscription.options().history().isEmpty();
  }

  private void drop(Subscription subscription, Batch batch) {
    metrics.dropped("slow", batch.deliveries().size());
    if (toldMissed.isEmpty()) {
      toldMissed = new HashSet<>();
    }
    if (toldMissed.add(subscription.topic())) {
      control("gap", envelopes.gap(subscription, GapReason.MISSED));
    }
  }

  /** What has a history is sent from there later. */
  private boolean refuse(Subscription subscription, Batch batch) {
    if (subscription.options().slowConsumers() == SlowConsumers.DISCONNECT) {
      metrics.dropped("disconnected", batch.deliveries().size());
      carrier.close(CloseReason.SLOW);
      return true;
    }
    if (subscription.options().history().isEmpty()) {
      drop(subscription, batch);
      return true;
    }
    if (stalled.isEmpty()) {
      stalled = new ArrayList<>();
    }
    stalled.add(subscription);
    return false;
  }

  /** Tells that something was missed, behind what came before. */
  void gap(Subscription subscription, GapReason why) {
    Gap gap = new Gap(subscription, subscription.at(), envelopes.gap(subscription, why));
    if (waiting.isEmpty()) {
      send(gap);
    } else {
      waiting.add(gap);
    }
  }

  private void send(Gap gap) {
    moved(gap.subscription().topic(), gap.at());
    control("gap", gap.envelope());
  }

  /** As {@link Carrier#moved}. */
  void moved(String topic, Optional<Position> at) {
    carrier.moved(topic, at);
  }

  /** Sends an envelope of no topic, past what waits; a client that takes none of them is closed. */
  void control(String type, byte[] envelope) {
    if (carrier.pendingBytes() > limits.maxPendingBytes()) {
      carrier.close(CloseReason.SLOW);
      return;
    }
    carrier.write(type, envelope);
    metrics.sent(1, envelope.length);
  }

  /** As {@link #control}, of bytes that are no envelope. */
  void binary(byte[] payload) {
    if (carrier.pendingBytes() > limits.maxPendingBytes()) {
      carrier.close(CloseReason.SLOW);
      return;
    }
    carrier.writeBinary(payload);
    metrics.sent(1, payload.length);
  }

  /** The carrier has room again. */
  void drain() {
    while (!waiting.isEmpty() && carrier.isWritable()) {
      switch (waiting.remove()) {
        case Messages oldest -> {
          waitingBytes -= oldest.batch().bytes();
          send(oldest.subscription(), oldest.batch());
          oldest.batch().release();
        }
        case Gap gap -> send(gap);
      }
    }
    carrier.flush();
    if (waiting.isEmpty()) {
      waiting = new ArrayDeque<>(0);
      toldMissed = Set.of();
      List<Subscription> again = stalled;
      stalled = List.of();
      again.forEach(Subscription::resume);
    }
  }

  /** As {@link io.platformkit.realtime.topics.Subscriber#written}. */
  CompletableFuture<Void> written() {
    return carrier.written();
  }

  /** Forgets all; the connection has ended. */
  void clear() {
    waiting = new ArrayDeque<>(0);
    waitingBytes = 0;
    stalled = List.of();
  }
}
