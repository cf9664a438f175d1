package io.platformkit.realtime.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
  private final LongAdder cameBack = new LongAdder();
  private final LongAdder sentMessages = new LongAdder();

  RealtimeMetrics(MeterRegistry registry, Supplier<Number> connections, Supplier<Number> pending) {
    this.registry = registry;
    messages = counter("sent.messages", "Messages to clients");
    bytes = Counter.builder(PREFIX + "sent").baseUnit("bytes").register(registry);
    received = counter("received.messages", "Messages from clients");
    reconnections = counter("reconnections", "Sessions that went on where an earlier one was");
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
