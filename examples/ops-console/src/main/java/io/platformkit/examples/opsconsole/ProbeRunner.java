package io.platformkit.examples.opsconsole;

import io.platformkit.core.Timers;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one probe, turn after turn, on a platform thread of its own: a native call that hangs would
 * take a virtual thread's carrier with it. A failure costs the probe one turn; the first of a row
 * is logged, all are counted.
 */
final class ProbeRunner implements AutoCloseable {
  /** A hole between two readings that charts show as one; and no sign for so long is a stall. */
  private static final Duration GAP = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ProbeRunner.class);

  private final Probe probe;
  private final String host;
  private final MetricStore store;
  private final InstantSource clock;
  private final Consumer<List<Sample>> told;
  private final ExecutorService thread;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong readings = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final Instant created;
  private volatile @Nullable Instant lastReading;
  private volatile boolean failing;
  private volatile Timers.@Nullable Timer timer;
  private final Set<SeriesKey> begun = new HashSet<>();
  private List<SeriesKey> lastSeries = List.of();

  ProbeRunner(
      Probe probe,
      String host,
      MetricStore store,
      InstantSource clock,
      Consumer<List<Sample>> told) {
    this.probe = probe;
    this.host = host;
    this.store = store;
    this.clock = clock;
    this.told = told;
    created = clock.instant();
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("probe-" + probe.name()).factory());
  }

  String name() {
    return probe.name();
  }

  void start(Timers timers) {
    timer = timers.every("probe-" + probe.name(), probe.period(), this::turn);
  }

  /** Hands one turn to the probe's thread, unless that still has the one before. */
  void turn() {
    if (!busy.compareAndSet(false, true)) {
      skipped.incrementAndGet();
      return;
    }
    try {
      thread.execute(this::measure);
    } catch (RejectedExecutionException closed) {
      busy.set(false);
    }
  }

  private void measure() {
    Throwable failure = sample();
    busy.set(false);
    if (failure == null) {
      succeeded();
    } else {
      failed(failure);
    }
  }

  /** One reading, written to the store; gives what went wrong, whatever it was. */
  private @Nullable Throwable sample() {
    try {
      Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      Readings turn = new Readings(host, at);
      probe.read(turn);
      List<Sample> samples = withGap(turn.samples(), at);
      store.write(samples).join();
      told.accept(samples);
      lastSeries = turn.samples().stream().map(Sample::series).toList();
      lastReading = at;
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  /** Where nothing was read for long, or before this console started, a NaN says so. */
  private List<Sample> withGap(List<Sample> samples, Instant at) {
    List<Sample> all = new ArrayList<>();
    Instant last = lastReading;
    if (last != null && Duration.between(last, at).compareTo(GAP) >= 0) {
      Instant gap = last.plus(probe.period());
      lastSeries.forEach(series -> all.add(new Sample(series, gap, Double.NaN)));
    }
    for (Sample sample : samples) {
      if (begun.add(sample.series()) && isFromBefore(sample.series())) {
        all.add(new Sample(sample.series(), at.minusMillis(1), Double.NaN));
      }
    }
    all.addAll(samples);
    return all;
  }

  /** Whether a console that ran earlier has left samples of a series. */
  private boolean isFromBefore(SeriesKey series) {
    return store.series(series.metric()).contains(series);
  }

  private void succeeded() {
    readings.incrementAndGet();
    if (failing) {
      failing = false;
      log.info("Probe '{}' works again after {} failures", probe.name(), failures);
    }
  }

  private void failed(Throwable failure) {
    boolean first = !failing;
    failing = true;
    failures.incrementAndGet();
    if (first && !thread.isShutdown()) {
      log.warn("Probe '{}' failed; it is tried again each turn", probe.name(), failure);
    }
  }

  ProbeHealth health(Instant now) {
    Instant last = lastReading;
    boolean stalled = Duration.between(last == null ? created : last, now).compareTo(GAP) > 0;
    String status = failing ? "failing" : stalled ? "stalled" : "ok";
    return new ProbeHealth(status, last, readings.get(), failures.get(), skipped.get());
  }

  @Override
  public void close() {
    Timers.Timer running = timer;
    if (running != null) {
      running.cancel();
    }
    thread.shutdownNow();
  }
}
