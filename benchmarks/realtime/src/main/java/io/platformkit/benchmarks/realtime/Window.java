package io.platformkit.benchmarks.realtime;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * A closed loop: so many messages are on their way, and when one has come to all subscribers the
 * next one is published. For the loop of the subscribers.
 */
final class Window {
  private static final int MOST = 1024; // on their way

  private final int subscribers;
  private final IntConsumer publish;
  private final int[] arrived = new int[MOST];
  private long completed;
  private long published;
  private int due;
  private boolean open;
  private CompletableFuture<Long> end = new CompletableFuture<>();

  /**
   * A window, closed.
   *
   * @param publish has so many messages published
   */
  Window(int subscribers, IntConsumer publish) {
    this.subscribers = subscribers;
    this.publish = publish;
  }

  /** Opens it for so many messages. */
  void open(int size) {
    end = new CompletableFuture<>();
    open = true;
    due = size;
    refill();
  }

  /**
   * Publishes nothing any more.
   *
   * @return completes with all messages ever delivered to all subscribers, when none is on its way
   */
  CompletableFuture<Long> close() {
    open = false;
    endIfDone();
    return end;
  }

  /** One subscriber got one more. */
  void delivered(long index) {
    int slot = (int) (index % MOST);
    if (++arrived[slot] == subscribers) {
      arrived[slot] = 0;
      completed++;
      due++;
    }
  }

  /** Has as many published as have arrived. */
  void refill() {
    if (open && due > 0) {
      int count = due;
      due = 0;
      published += count;
      publish.accept(count);
    }
    if (!open) {
      due = 0;
      endIfDone();
    }
  }

  private void endIfDone() {
    if (completed == published) {
      end.complete(completed);
    }
  }

  /** A subscriber has gone. */
  void fail(Throwable why) {
    end.completeExceptionally(why);
  }
}
