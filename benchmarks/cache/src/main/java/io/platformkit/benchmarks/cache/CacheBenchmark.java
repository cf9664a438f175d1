package io.platformkit.benchmarks.cache;

import com.github.benmanes.caffeine.cache.Cache;
import io.platformkit.core.cache.TieredCache;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Hits in memory; with {@code -prof gc} what they allocate, with {@code -t 2} by two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CacheBenchmark {
  private final String[] keys = Sides.keys();
  private @Nullable TieredCache<String, byte[]> ours;
  private @Nullable Cache<String, Optional<byte[]>> caffeine;

  /** Where a thread is. */
  @State(Scope.Thread)
  public static class Turn {
    private int next;

    int next() {
      next = (next + 31) % Sides.KEYS;
      return next;
    }
  }

  /** Fills both. */
  @Setup
  public void fill() {
    ours = Sides.memory();
    caffeine = Sides.caffeine();
  }

  /** Ends the timers. */
  @TearDown
  public void close() {
    Objects.requireNonNull(ours).close();
  }

  /** Ours. */
  @Benchmark
  public Optional<byte[]> tieredCache(Turn turn) {
    return Objects.requireNonNull(ours).get(keys[turn.next()]);
  }

  /** With an end for each value, and statistics. */
  @Benchmark
  public Object caffeine(Turn turn) {
    return Objects.requireNonNull(Objects.requireNonNull(caffeine).getIfPresent(keys[turn.next()]));
  }
}
