package io.platformkit.core.bus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One listener, what waits for it, and a virtual thread as long as something does. */
final class QueuedSubscription implements Subscription {
  private final Subscribers subscribers;
  private final String topic;
  private final int capacity;
  private final BusListener listener;
  private final Runnable onClose;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition delivered = lock.newCondition();

  /** Messages; empty where some are missing. */
  private final Deque<Optional<byte[]>> queue = new ArrayDeque<>();

  private @Nullable Thread worker;
  private boolean calling;
  private boolean closed;
  private boolean closedByListener;

  QueuedSubscription(
      Subscribers subscribers, String topic, int capacity, BusListener listener, Runnable onClose) {
    this.subscribers = subscribers;
    this.topic = topic;
    this.capacity = capacity;
    this.listener = listener;
    this.onClose = onClose;
  }

  void offer(byte[] data) {
    lock.lock();
    try {
      if (queue.size() < capacity) {
        add(Optional.of(data));
      } else {
        addMissed();
      }
    } finally {
      lock.unlock();
    }
  }

  void missed() {
    lock.lock();
    try {
      addMissed();
    } finally {
      lock.unlock();
    }
  }

  private void addMissed() {
    if (queue.isEmpty() || queue.getLast().isPresent()) {
      add(Optional.empty());
    }
  }

  private void add(Optional<byte[]> item) {
    if (!closed) {
      queue.add(item);
      if (worker == null) {
        worker = subscribers.start(this::work);
      }
    }
  }

  private void work() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      if (queue.isEmpty()) {
        worker = null;
        return null;
      }
      calling = true;
      Optional<byte[]> next = queue.remove();
      return () -> call(next);
    } finally {
      lock.unlock();
    }
  }

  private void call(Optional<byte[]> next) {
    try {
      next.ifPresentOrElse(listener::onMessage, listener::onMissed);
    } catch (Throwable failure) {
      subscribers.listenerFailed(next.isPresent() ? "onMessage" : "onMissed", topic, failure);
    } finally {
      called();
    }
  }

  private void called() {
    boolean last;
    lock.lock();
    try {
      calling = false;
      last = closedByListener;
      closedByListener = false;
      delivered.signalAll();
    } finally {
      lock.unlock();
    }
    if (last) {
      onClose.run();
    }
  }

  @Override
  public void close() {
    boolean first;
    lock.lock();
    try {
      first = !closed;
      closed = true;
      queue.clear();
      subscribers.remove(topic, this);
      if (Thread.currentThread().equals(worker)) {
        closedByListener |= first;
        return;
      }
      while (calling) {
        delivered.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    if (first) {
      onClose.run();
    }
  }
}
