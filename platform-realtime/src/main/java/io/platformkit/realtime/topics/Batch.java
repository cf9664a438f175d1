package io.platformkit.realtime.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Messages of one topic that go to subscribers together, in order. For the thread of one lane. */
public final class Batch {
  private final List<Delivery> deliveries;
  private final boolean forAll;
  private int bytes;
  private @Nullable Function<Batch, ? extends Form> maker;
  private @Nullable Form made;

  Batch(List<Delivery> deliveries) {
    this.deliveries = List.copyOf(deliveries);
    boolean all = true;
    for (Delivery delivery : this.deliveries) {
      bytes += delivery.json().length;
      all &= delivery.isForAll();
    }
    forAll = all;
  }

  /** At least one. */
  public List<Delivery> deliveries() {
    return deliveries;
  }

  /** Of all envelopes. */
  public int bytes() {
    return bytes;
  }

  /** What a transport made of a batch. */
  public interface Form {
    /** Nobody asks for it any more. */
    void release();
  }

  /**
   * What a transport sends, made once for all connections of the lane; the last kind is kept.
   *
   * @param wanted one object for each kind of what is made
   */
  @SuppressWarnings("unchecked")
  public <F extends Form> F form(Function<Batch, F> wanted) {
    if (!wanted.equals(maker)) {
      release();
      made = wanted.apply(this);
      maker = wanted;
    }
    return (F) Objects.requireNonNull(made);
  }

  /** Lets go of what was made; it is made again if somebody asks. */
  public void release() {
    if (made != null) {
      made.release();
    }
    made = null;
    maker = null;
  }

  /** Without what is not for the subscriber, and without what it has; null if nothing is left. */
  @Nullable Batch of(Subscriber subscriber, long after) {
    if (forAll && deliveries.getFirst().isAfter(after)) {
      return this;
    }
    List<Delivery> left = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      if (delivery.isFor(subscriber) && delivery.isAfter(after)) {
        left.add(delivery);
      }
    }
    if (left.size() == deliveries.size()) {
      return this;
    }
    return left.isEmpty() ? null : new Batch(left);
  }

  Delivery last() {
    return deliveries.getLast();
  }
}
