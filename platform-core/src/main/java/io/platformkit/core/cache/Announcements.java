package io.platformkit.core.cache;

import io.platformkit.core.PlatformException;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells other nodes what has changed, and hears it from them. */
final class Announcements implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Announcements.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final MessageBus bus;
  private final String topic;
  private final Timers timers;
  private final Consumer<List<String>> onChanged;
  private final Runnable onMissed;
  private final UUID self = UUID.randomUUID();
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private @Nullable Subscription subscription;
  private boolean closed;

  Announcements(
      MessageBus bus,
      String cache,
      Timers timers,
      Consumer<List<String>> onChanged,
      Runnable onMissed) {
    this.bus = bus;
    this.topic = "cache:" + cache;
    this.timers = timers;
    this.onChanged = onChanged;
    this.onMissed = onMissed;
  }

  /** Listens, or tries again until it does; then everything counts as missed. */
  void open() {
    if (!subscribed()) {
      timers.after("cache-subscribe", RETRY, this::reopen);
    }
  }

  private void reopen() {
    open();
    onMissed.run();
  }

  private boolean subscribed() {
    try {
      Subscription live = bus.subscribe(topic, new Listener());
      if (!adopt(live)) {
        live.close();
      }
      return true;
    } catch (PlatformException failure) {
      log.warn("'{}' can't be listened to; tried again", topic, failure);
      return isClosed();
    }
  }

  private boolean adopt(Subscription live) {
    lock.lock();
    try {
      if (!closed) {
        subscription = live;
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the other nodes; none of the names for all. Waits until the bus has taken it. */
  void publish(List<String> names) {
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    Message.encode(self, names).forEach(message -> sent.add(bus.publish(topic, message)));
    try {
      sent.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof PlatformException failure ? failure : e;
    }
  }

  @Override
  public void close() {
    Subscription live;
    lock.lock();
    try {
      closed = true;
      live = subscription;
    } finally {
      lock.unlock();
    }
    if (live != null) {
      live.close();
    }
  }

  private final class Listener implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      Message message;
      try {
        message = Message.decode(data);
      } catch (RuntimeException unreadable) {
        log.warn("a message of '{}' can't be read: all is dropped", topic, unreadable);
        onMissed.run();
        return;
      }
      if (message.sender().equals(self)) {
        return;
      }
      if (message.isAll()) {
        onMissed.run();
      } else {
        onChanged.accept(message.names());
      }
    }

    @Override
    public void onMissed() {
      onMissed.run();
    }
  }
}
