package io.platformkit.ml.batching;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Timers;
import io.platformkit.ml.ModelRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Options of a {@link Batcher}. For one thread; each option at most once. */
public final class BatcherBuilder {
  private static final int MOST_ROWS = 1 << 20;
  private static final int MOST_LANES = 1024;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  final ModelRunner runner;
  Duration maxWait = Duration.ofMillis(10);
  Duration maxRun = Duration.ofMillis(10);
  int lanes = Runtime.getRuntime().availableProcessors();
  int queueRows = 10_000;
  boolean adaptive = true;
  Duration drainTimeout = Duration.ofSeconds(10);
  @Nullable Timers timers;
  MeterRegistry registry = new CompositeMeterRegistry();
  ErrorHandler errors = ErrorHandler.logging();

  private final Set<String> given = new HashSet<>();
  private int[] sizes = {};
  private int maxBatch = 64;

  BatcherBuilder(ModelRunner runner) {
    this.runner = Objects.requireNonNull(runner, "runner");
  }

  /**
   * The most rows of a batch, 1 to 1,048,576. Runs have each number of rows up to 8, and above it
   * four a doubling. Default: 64.
   */
  public BatcherBuilder maxBatch(int rows) {
    Given.once(given, "maxBatch");
    this.maxBatch = rows;
    return this;
  }

  /**
   * The numbers of rows that runs may have, instead of {@link #maxBatch}; a batch between two of
   * them is filled up to the larger one with copies of its last row. For runtimes that prepare for
   * each shape at length. Default: as {@code maxBatch} says.
   */
  public BatcherBuilder sizes(int first, int... more) {
    Given.once(given, "maxBatch");
    this.sizes = IntStream.concat(IntStream.of(first), IntStream.of(more)).toArray();
    return this;
  }

  /**
   * How long requests that found all lanes busy may be held back for a larger batch; up to a
   * minute. A request that finds an idle lane never waits. Default: 10 ms.
   */
  public BatcherBuilder maxWait(Duration maxWait) {
    Given.once(given, "maxWait");
    this.maxWait = Objects.requireNonNull(maxWait, "maxWait");
    return this;
  }

  /**
   * How many batches are computed at once, each on a thread and on tensors of its own; 1 to 1,024.
   * Default: one a processor.
   */
  public BatcherBuilder lanes(int lanes) {
    Given.once(given, "lanes");
    this.lanes = lanes;
    return this;
  }

  /** How many rows may wait, 1 to 1,048,576; also the most of one request. Default: 10,000. */
  public BatcherBuilder queueRows(int rows) {
    Given.once(given, "queueRows");
    this.queueRows = rows;
    return this;
  }

  /**
   * Whether batches are only as large as it pays, by the time that runs of each size take. Without
   * it they are as large as they may be. Default: yes.
   */
  public BatcherBuilder adaptive(boolean adaptive) {
    Given.once(given, "adaptive");
    this.adaptive = adaptive;
    return this;
  }

  /**
   * How long a run may take where batches adapt, give or take the next size, up to a minute; twice
   * as long as one of the smallest size in any case. Default: 10 ms.
   */
  public BatcherBuilder maxRun(Duration maxRun) {
    Given.once(given, "maxRun");
    this.maxRun = Objects.requireNonNull(maxRun, "maxRun");
    return this;
  }

  /** How long a close waits for what was accepted, more than zero. Default: 10 seconds. */
  public BatcherBuilder drainTimeout(Duration drainTimeout) {
    Given.once(given, "drainTimeout");
    this.drainTimeout = Objects.requireNonNull(drainTimeout, "drainTimeout");
    return this;
  }

  /**
   * What waiting goes by; not closed, and to be closed later. Default: system timers of its own.
   */
  public BatcherBuilder timers(Timers timers) {
    Given.once(given, "timers");
    this.timers = Objects.requireNonNull(timers, "timers");
    return this;
  }

  /** Where {@code platform.ml.batch.*} is recorded. Default: nowhere. */
  public BatcherBuilder meterRegistry(MeterRegistry registry) {
    Given.once(given, "meterRegistry");
    this.registry = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /** Told of each {@link Error} that a model throws. Default: it is logged. */
  public BatcherBuilder errorHandler(ErrorHandler errors) {
    Given.once(given, "errorHandler");
    this.errors = Objects.requireNonNull(errors, "errorHandler");
    return this;
  }

  /**
   * Checks all options; starts nothing.
   *
   * @throws IllegalArgumentException naming every option that is wrong
   */
  public Batcher build() {
    List<String> faults = new ArrayList<>();
    Given.require(
        faults,
        "runner",
        runner.id(),
        runner.signature().isBatchable(),
        "a model of which each tensor's first dimension is free, and no other");
    requireRows(faults, "maxBatch", maxBatch);
    Arrays.stream(sizes).forEach(size -> requireRows(faults, "sizes", size));
    requireRows(faults, "queueRows", queueRows);
    Given.require(
        faults, "lanes", lanes, lanes >= 1 && lanes <= MOST_LANES, "from 1 to " + MOST_LANES);
    Given.requireSpan(faults, "maxWait", maxWait, Duration.ZERO, LONGEST);
    Given.requireSpan(faults, "maxRun", maxRun, Duration.ZERO, LONGEST);
    Given.require(
        faults, "drainTimeout", drainTimeout, drainTimeout.isPositive(), "more than zero");
    Given.refuse(faults);
    return new Batcher(this);
  }

  private static void requireRows(List<String> faults, String property, int rows) {
    boolean right = rows >= 1 && rows <= MOST_ROWS;
    Given.require(faults, property, rows, right, "from 1 to " + MOST_ROWS);
  }

  Sizes sizes() {
    return sizes.length == 0 ? Sizes.upTo(maxBatch) : Sizes.of(sizes);
  }
}
