package io.platformkit.realtime.topics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One event loop: what its subscribers are to get, in the order in which it was handed over.
 * However many steps wait, they are one task of the loop, and each connection is flushed once.
 */
public final class Lane {
  private static final int STEPS = 1024; // of one task, so that the loop's sockets have their turn

  private final Executor loop;
  private final Consumer<Batch> delivered;
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final List<Members> due = new ArrayList<>(); // the loop's, as the next one
  private final Set<Subscriber> unflushed = new LinkedHashSet<>();
  private boolean last; // nobody writes after those that write now

  /** The lane of an event loop, which runs one task at a time. */
  public Lane(Executor loop) {
    this(loop, batch -> {});
  }

  /**
   * As {@link #Lane(Executor)}.
   *
   * @param delivered is told, on the loop, of each batch that has just been written to all of its
   *     connections here
   */
  public Lane(Executor loop, Consumer<Batch> delivered) {
    this.loop = loop;
    this.delivered = delivered;
  }

  /** What is to be done on the loop. */
  private sealed interface Step {}

  /** Messages for all members. */
  private record Deliver(Members members, List<Delivery> deliveries) implements Step {}

  /** A change that comes after all messages before it. */
  private record Change(Members members, Runnable change) implements Step {}

  /** What a connection sends of its own. */
  private record Own(Subscriber subscriber, Runnable step) implements Step {}

  /**
   * Runs a step of a connection's own, in turn with what is delivered to it, and flushes it.
   *
   * @param step writes to it
   */
  public void execute(Subscriber subscriber, Runnable step) {
    add(new Own(subscriber, step));
  }

  void deliver(Members members, List<Delivery> deliveries) {
    add(new Deliver(members, deliveries));
  }

  /** Runs a change of the members after all that was handed over for them before. */
  void change(Members members, Runnable change) {
    add(new Change(members, change));
  }

  private void add(Step step) {
    steps.add(step);
    schedule();
  }

  /** When the loop has ended, so have all of its connections. */
  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        loop.execute(this::run);
      } catch (RejectedExecutionException ended) {
        steps.clear();
      }
    }
  }

  private void run() {
    try {
      work();
    } finally {
      due.clear();
      unflushed.clear();
      last = false;
      scheduled.set(false);
      if (!steps.isEmpty()) {
        schedule();
      }
    }
  }

  private void work() {
    for (int i = 0; i < STEPS; i++) {
      Step step = steps.poll();
      if (step == null) {
        break;
      }
      take(step);
    }
    deliverDue();
    unflushed.forEach(Subscriber::flush);
  }

  /** Each connection is flushed by the last that writes to it, while it is in the caches. */
  private void deliverDue() {
    for (int i = 0; i < due.size(); i++) {
      last = i == due.size() - 1;
      due.get(i).deliverDue();
    }
  }

  private void take(Step step) {
    switch (step) {
      case Deliver(Members members, List<Delivery> deliveries) -> {
        if (members.addDue(deliveries)) {
          due.add(members);
        }
      }
      case Change(Members members, Runnable change) -> {
        members.deliverDue();
        change.run();
      }
      case Own(Subscriber subscriber, Runnable own) -> {
        own.run();
        unflushed.add(subscriber);
      }
    }
  }

  void delivered(Batch batch) {
    delivered.accept(batch);
  }

  /** A subscriber has something to flush. */
  void touched(Subscriber subscriber) {
    if (last) {
      subscriber.flush();
    } else {
      unflushed.add(subscriber);
    }
  }
}
