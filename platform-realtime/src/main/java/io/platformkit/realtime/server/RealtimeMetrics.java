package io.platformkit.realtime.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.platformkit.realtime.topics.Batch;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What a server counts, under {@code platform.realtime.}; safe for concurrent use. */
final class RealtimeMetrics {
  private static final String PREFIX = "platform.realtime.";

  private final MeterRegistry registry;
  private final Counter messages;
  private final Counter bytes;
  private final Counter received;
  private final Counter reconnections;
  private final Timer latency;
  private final InstantSource clock;
  private final LongAdder cameBack = new LongAdder();
  private final LongAdder sentMessages = new LongAdder();

  RealtimeMetrics(
      MeterRegistry registry,
      InstantSource clock,
      Supplier<Number> connections,
      Supplier<Number> pending) {
    this.registry = registry;
    this.clock = clock;
    messages = counter("sent.messages", "Messages to clients");
    bytes = Counter.builder(PREFIX + "sent").baseUnit("bytes").register(registry);
    received = counter("received.messages", "Messages from clients");
    reconnections = counter("reconnections", "Sessions that went on where an earlier one was");
    latency =
        Timer.builder(PREFIX + "delivery.latency")
            .description("From publishing a message to writing it to an event loop's connections")
            .register(registry);
    Gauge.builder(PREFIX + "connections", connections).register(registry);
    Gauge.builder(PREFIX + "pending", pending).baseUnit("bytes").register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(PREFIX + name).description(description).register(registry);
  }

  void sent(int count, int size) {
    messages.increment(count);
    bytes.increment(size);
    sentMessages.add(count);
  }

  /**
   * A batch was written to all of an event loop's connections: the age of its oldest message counts
   * once, however many they are. The clocks of nodes may differ.
   */
  void delivered(Batch batch) {
    long millis = clock.millis() - batch.deliveries().getFirst().publishedAt();
    latency.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  void received() {
    received.increment();
  }

  /** Messages that no client gets. */
  void dropped(String reason, int count) {
    registry.counter(PREFIX + "dropped", "reason", reason).increment(count);
  }

  /** A client, or something that it asked for, was refused. */
  void refused(String reason) {
    registry.counter(PREFIX + "refused", "reason", reason).increment();
  }

  /** A session goes on where an earlier one of its client was. */
  void reconnected() {
    reconnections.increment();
    cameBack.increment();
  }

  /** Sessions since the start that did. */
  long reconnections() {
    return cameBack.sum();
  }

  /** Messages to clients since the start. */
  long sentMessages() {
    return sentMessages.sum();
  }
}
