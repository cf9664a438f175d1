package io.platformkit.realtime.topics;

import io.platformkit.core.Json;
import io.platformkit.core.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A subscriber that keeps what it gets; it can be told to have no room. */
final class Receiver implements Subscriber {
  private static final Json JSON = Json.standard();

  private final String id;
  private final Lane lane;
  private final List<String> payloads = new CopyOnWriteArrayList<>();
  private final List<GapReason> gaps = new CopyOnWriteArrayList<>();
  private final List<Subscription> refused = new ArrayList<>();
  private volatile @Nullable Position last;
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private volatile int batches;
  private boolean full;
  private boolean gone;

  Receiver(String id, Lane lane) {
    this.id = id;
    this.lane = lane;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public synchronized boolean deliver(Subscription subscription, Batch batch) {
    if (full) {
      refused.add(subscription);
      return false;
    }
    batches++;
    for (Delivery delivery : gone ? List.<Delivery>of() : batch.deliveries()) {
      deliveries.add(delivery);
      payloads.add(String.valueOf(envelope(delivery).get("payload")));
      delivery.at().ifPresent(at -> last = at);
    }
    return true;
  }

  static Map<String, @Nullable Object> envelope(Delivery delivery) {
    return JSON.decodeObject(delivery.json());
  }

  @Override
  public void gap(Subscription subscription, GapReason why) {
    gaps.add(why);
    last = subscription.at().orElse(null);
  }

  @Override
  public void flush() {}

  @Override
  public CompletableFuture<Void> written() {
    return CompletableFuture.completedFuture(null);
  }

  List<String> payloads() {
    return payloads;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  /** How many it got. */
  int batches() {
    return batches;
  }

  /** What comes from now on is lost with the connection. */
  synchronized void leave() {
    gone = true;
  }

  List<GapReason> gaps() {
    return gaps;
  }

  Optional<Position> last() {
    return Optional.ofNullable(last);
  }

  synchronized boolean wasRefused() {
    return !refused.isEmpty();
  }

  synchronized void stopReading() {
    full = true;
  }

  void readOn() {
    List<Subscription> again;
    synchronized (this) {
      full = false;
      again = List.copyOf(refused);
      refused.clear();
    }
    again.forEach(subscription -> Objects.requireNonNull(subscription).resume());
  }
}
