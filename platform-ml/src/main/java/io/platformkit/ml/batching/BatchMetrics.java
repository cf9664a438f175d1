package io.platformkit.ml.batching;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.platformkit.ml.VersionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Shows what one batcher does in the host's registry, until it is closed. */
final class BatchMetrics implements AutoCloseable {
  private static final String PREFIX = "platform.ml.batch.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> registered = new ArrayList<>();
  private @Nullable DistributionSummary rows;
  private @Nullable Timer wait;
  private @Nullable Timer compute;

  BatchMetrics(MeterRegistry registry, VersionId id) {
    this.registry = registry;
    this.tags = Tags.of("model", id.model(), "version", id.version());
  }

  /** Before the lanes start. */
  void open(Counters counters, Supplier<Number> waiting) {
    rows =
        added(
            DistributionSummary.builder(PREFIX + "rows")
                .description("Rows of a batch")
                .tags(tags)
                .register(registry));
    wait =
        added(
            Timer.builder(PREFIX + "wait")
                .description("From a request to the begin of its computation")
                .tags(tags)
                .register(registry));
    compute =
        added(
            Timer.builder(PREFIX + "compute")
                .description("Runs of the model")
                .tags(tags)
                .register(registry));
    added(
        Gauge.builder(PREFIX + "waiting", waiting)
            .description("Rows in the queue")
            .tags(tags)
            .register(registry));
    for (Priority priority : Priority.values()) {
      Tags one = tags.and("priority", priority.name().toLowerCase(Locale.ROOT));
      count("expired", one, counters, all -> all.expired(priority).sum());
      for (String reason : Counters.REASONS) {
        count("shed", one.and("reason", reason), counters, all -> all.shed(reason, priority).sum());
      }
    }
    count("failed", tags, counters, all -> all.failed.sum());
    count("cancelled", tags, counters, all -> all.cancelled.sum());
  }

  /** A request's computation began. */
  void waited(long nanos) {
    if (wait != null) {
      wait.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** A run was made. */
  void computed(int batchRows, Duration took) {
    if (rows != null && compute != null) {
      rows.record(batchRows);
      compute.record(took);
    }
  }

  private void count(String name, Tags of, Counters counters, ToDoubleFunction<Counters> counted) {
    added(FunctionCounter.builder(PREFIX + name, counters, counted).tags(of).register(registry));
  }

  private <M extends Meter> M added(M meter) {
    registered.add(meter);
    return meter;
  }

  @Override
  public void close() {
    registered.forEach(registry::remove);
  }
}
