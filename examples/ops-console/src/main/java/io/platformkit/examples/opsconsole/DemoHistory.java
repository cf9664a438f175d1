package io.platformkit.examples.opsconsole;

import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.SeriesKey;
import io.platformkit.examples.commandline.UsageException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A synthetic load at one point a second, to try the charts on more points than a screen can show:
 * days and weeks are visible from afar, noise and short incidents only from near. The same seed
 * gives the same values.
 */
final class DemoHistory {
  /** Seconds of 365 days. */
  static final int YEAR = 365 * 24 * 3600;

  static final SeriesKey SERIES = SeriesKey.of("demo.load", "source", "synthetic");

  /** What a year of points needs, with room for the writing. */
  static final long HEAP_FOR_YEAR = 720L << 20;

  private static final long SEED = 20_260_101;
  private static final int DAY = 24 * 3600;
  private static final double INCIDENTS_PER_SECOND = 150.0 / YEAR;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private double noise;
  private double incident;

  /**
   * Fails if the heap cannot hold as many points.
   *
   * @param maxHeap most bytes that the heap may grow to
   */
  static void requireHeap(int points, long maxHeap) {
    long needed = HEAP_FOR_YEAR * points / YEAR;
    if (maxHeap < needed) {
      throw new UsageException(
          "the history needs about %d MB of heap but the JVM may use %d MB; give it more with"
                  .formatted(needed >> 20, maxHeap >> 20)
              + " JAVA_OPTS=-Xmx2g");
    }
  }

  /** Writes as many seconds up to the end, a day at a time, and reports each tenth. */
  void write(MetricStore store, Instant end, int points, PrintStream progress) {
    long start = end.truncatedTo(ChronoUnit.SECONDS).minusSeconds(points).getEpochSecond();
    for (int written = 0; written < points; written += DAY) {
      int count = Math.min(DAY, points - written);
      writeDay(store, start + written, count);
      report(progress, written, count, points);
    }
  }

  private void writeDay(MetricStore store, long start, int count) {
    long[] times = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = (start + i) * 1000;
      values[i] = next(start + i);
    }
    store.write(SERIES, times, values).join();
  }

  private double next(long second) {
    double day = Math.sin(2 * Math.PI * (second % DAY) / DAY - 2);
    double week = second / DAY % 7 < 5 ? 1 : 0.55; // two quiet days of seven
    noise = 0.98 * noise + random.nextDouble(-1, 1);
    incident = random.nextDouble() < INCIDENTS_PER_SECOND ? random.nextDouble(20, 70) : incident;
    incident *= 0.9985;
    return Math.max(0, 30 + 18 * day * week + 10 * week + noise + incident);
  }

  private static void report(PrintStream progress, int written, int count, int points) {
    int before = (int) (10L * written / points);
    int after = (int) (10L * (written + count) / points);
    if (after > before) {
      progress.printf(
          Locale.ROOT, "  %,12d of %,d points (%d %%)%n", written + count, points, 10 * after);
    }
  }
}
