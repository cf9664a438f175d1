package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandType;
import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscribers;
import io.platformkit.core.bus.Subscription;
import io.platformkit.core.redis.Call.Kind;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One channel a topic. */
final class RedisMessageBus implements MessageBus {
  private final Engine engine;
  private final Consumer<AutoCloseable> onClose;
  private final Lifecycle lifecycle = new Lifecycle("message bus");
  private final InFlight inFlight = new InFlight();
  private final byte[] begin;
  private final Subscribers subscribers;

  RedisMessageBus(Engine engine, String namespace, Consumer<AutoCloseable> onClose) {
    this.engine = engine;
    this.onClose = onClose;
    begin = engine.names(namespace).begin("bus");
    subscribers = Subscribers.of("redis-bus", DEFAULT_QUEUE, engine.settings().errors());
  }

  @Override
  public CompletableFuture<Void> publish(String topic, byte[] data) {
    byte[] channel = channel(topic);
    Bounds.requireValue("data", data, MAX_BYTES);
    lifecycle.requireOpen();
    Call call =
        new Call(
            Kind.ONCE,
            "publish to topic",
            topic,
            CommandType.PUBLISH,
            Engine.args().addKey(channel).add(data.clone()));
    inFlight.begin();
    engine.link().start(call);
    return call.handleAsync(
        (receivers, failure) -> {
          try {
            call.await();
            return null;
          } finally {
            inFlight.end();
          }
        },
        engine.callbacks());
  }

  @Override
  public Subscription subscribe(String topic, BusListener listener) {
    byte[] channel = channel(topic);
    Objects.requireNonNull(listener, "listener");
    lifecycle.requireOpen();
    Topic each = new Topic(topic);
    engine.pubSub().subscribe(channel, each);
    Runnable leave = () -> engine.pubSub().unsubscribe(channel, each);
    try {
      return subscribers.add(topic, listener, leave);
    } catch (IllegalStateException closed) {
      leave.run();
      throw closed;
    }
  }

  private byte[] channel(String topic) {
    return Names.key(begin, Bounds.requireName("topic", topic));
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      subscribers.close();
      inFlight.await(engine.settings().timeout());
      onClose.accept(this);
    });
  }

  /** Equal for all subscriptions of one topic of this bus, so that each message comes once. */
  private final class Topic implements PubSub.Listener {
    private final String name;

    Topic(String name) {
      this.name = name;
    }

    private RedisMessageBus bus() {
      return RedisMessageBus.this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Topic that && name.equals(that.name) && bus().equals(that.bus());
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public void onMessage(byte[] data) {
      subscribers.deliver(name, data);
    }

    @Override
    public void onLost() {} // told when messages come again

    @Override
    public void onBack() {
      subscribers.missed(name);
    }
  }
}
