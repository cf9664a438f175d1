package io.platformkit.realtime.server;

import io.platformkit.core.PlatformException;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bus in memory that refuses or loses what is published, and knows its subscriptions. */
final class TestBus implements MessageBus {
  private final InMemoryMessageBus bus = InMemoryMessageBus.create();
  private final List<BusListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean failing;
  private volatile boolean losing;

  /** Whether nothing can be published. */
  void fail(boolean now) {
    failing = now;
  }

  /** Takes what is published, and loses it. */
  void lose() {
    losing = true;
  }

  /** Loses nothing any more, and tells all subscribers that they missed something. */
  void tellMissed() {
    losing = false;
    listeners.forEach(BusListener::onMissed);
  }

  @Override
  public CompletableFuture<Void> publish(String topic, byte[] data) {
    if (failing) {
      return CompletableFuture.failedFuture(new PlatformException("the bus is away"));
    }
    return losing ? CompletableFuture.completedFuture(null) : bus.publish(topic, data);
  }

  @Override
  public Subscription subscribe(String topic, BusListener listener) {
    Subscription live = bus.subscribe(topic, listener);
    listeners.add(listener);
    return () -> {
      listeners.remove(listener);
      live.close();
    };
  }

  int subscriptions() {
    return listeners.size();
  }

  @Override
  public void close() {
    bus.close();
  }
}
