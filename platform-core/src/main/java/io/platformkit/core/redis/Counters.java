package io.platformkit.core.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** What is counted, if the host gave a registry. */
final class Counters {
  private final @Nullable Counter connections;
  private final @Nullable Counter resent;

  Counters(@Nullable MeterRegistry registry) {
    connections = registry == null ? null : registry.counter("platform.core.redis.connections");
    resent = registry == null ? null : registry.counter("platform.core.redis.resent");
  }

  void connected() {
    count(connections);
  }

  void resent() {
    count(resent);
  }

  private static void count(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }
}
