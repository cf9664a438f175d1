package io.platformkit.core.bus;

import io.platformkit.core.Bounds;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The embedded {@link MessageBus}: between the subscribers of this process; one object is one
 * namespace. Messages are in all queues when {@link #publish} returns, and are missed only where a
 * queue is full.
 */
public final class InMemoryMessageBus implements MessageBus {
  private final Lifecycle lifecycle = new Lifecycle("message bus");
  private final Subscribers subscribers;

  private InMemoryMessageBus(Builder builder) {
    this.subscribers = Subscribers.of("memory-bus", builder.queue, builder.errors);
  }

  /** A bus with all defaults. */
  public static InMemoryMessageBus create() {
    return builder().build();
  }

  /** Collects the options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CompletableFuture<Void> publish(String topic, byte[] data) {
    Bounds.requireName("topic", topic);
    Bounds.requireValue("data", data, MAX_BYTES);
    lifecycle.requireOpen();
    subscribers.deliver(topic, data);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Subscription subscribe(String topic, BusListener listener) {
    Bounds.requireName("topic", topic);
    Objects.requireNonNull(listener, "listener");
    lifecycle.requireOpen();
    return subscribers.add(topic, listener, () -> {});
  }

  @Override
  public void close() {
    lifecycle.close(subscribers::close);
  }

  /** Options of the bus; for one thread. */
  public static final class Builder {
    private int queue = DEFAULT_QUEUE;
    private ErrorHandler errors = ErrorHandler.logging();

    private final Set<String> given = new HashSet<>();

    private Builder() {}

    /** Messages that wait for one subscriber. Default: {@link MessageBus#DEFAULT_QUEUE}. */
    public Builder queue(int queue) {
      Given.once(given, "queue");
      this.queue = queue;
      return this;
    }

    /** Told of what listeners throw. Default: it is logged. */
    public Builder errorHandler(ErrorHandler errors) {
      Given.once(given, "errorHandler");
      this.errors = Objects.requireNonNull(errors, "errorHandler");
      return this;
    }

    /**
     * Checks all options.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public InMemoryMessageBus build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "queue", queue, queue > 0, "at least 1");
      Given.refuse(faults);
      return new InMemoryMessageBus(this);
    }
  }
}
