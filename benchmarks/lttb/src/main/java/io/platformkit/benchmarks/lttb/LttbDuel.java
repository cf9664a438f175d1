package io.platformkit.benchmarks.lttb;

import io.platformkit.benchmarks.Comparison;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import io.platformkit.core.timeseries.Lttb;
import io.platformkit.core.timeseries.MinMaxLttb;
import io.platformkit.core.timeseries.Points;
import io.platformkit.core.timeseries.StreamingLttb;
import io.platformkit.core.timeseries.TimeSeries;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** {@code ./bench duel lttb}: run once with the Vector API and once without. */
public final class LttbDuel {
  private static final int SHOWN = 2000;
  private static final double SECONDS = 8;
  private static final String TEXTBOOK = "textbook";
  private static final String FLOOR = "sum of x and y, once";

  private final Duel duel;
  private final String variant = Sum.hasVectorApi() ? "SIMD" : "scalar";
  private final Sum sum = Sum.fastest();

  private LttbDuel(Duel duel) {
    this.duel = duel;
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}
   */
  public static void main(String[] args) {
    new LttbDuel(Duel.of("lttb", args)).run();
  }

  private void run() {
    duel.title(
        "%s, %d points shown, one thread, JDK %s, %s"
            .formatted(variant, SHOWN, Runtime.version(), System.getProperty("os.arch")));
    List<Integer> sizes =
        duel.quick()
            ? List.of(1_000_000, 10_000_000)
            : List.of(100_000, 1_000_000, 10_000_000, 50_000_000);
    sizes.forEach(this::plain);
    pointObjects(1_000_000);
    if (Sum.hasVectorApi()) {
      keptSummaries(duel.quick() ? 10_000_000 : 50_000_000);
      streaming();
    }
  }

  private void plain(int n) {
    Walk walk = new Walk(n);
    Points points = Points.of(walk.x, walk.y);
    duel.time(
        metric("LTTB of %s, ns/point", n),
        n,
        SECONDS,
        () -> Lttb.indices(points, SHOWN)[1],
        TEXTBOOK,
        Kind.PEER,
        () -> Textbook.select(walk.x, walk.y, SHOWN)[1]);
    duel.time(
        metric("LTTB of %s, x is the index, ns/point", n),
        n,
        SECONDS / 2,
        () -> Lttb.indices(Points.of(walk.y), SHOWN)[1],
        TEXTBOOK,
        Kind.PEER,
        () -> Textbook.select(walk.y, SHOWN)[1]);
    duel.time(
        metric("MinMaxLTTB of %s, ns/point", n),
        n,
        SECONDS / 2,
        () -> MinMaxLttb.indices(points, SHOWN)[1],
        TEXTBOOK + " LTTB",
        Kind.PEER,
        () -> Textbook.select(walk.x, walk.y, SHOWN)[1]);
    if (n >= 10_000_000) {
      duel.time(
          metric("LTTB of %s, ns/point", n),
          n,
          SECONDS,
          () -> Lttb.indices(points, SHOWN)[1],
          FLOOR,
          Kind.LIMIT,
          () -> sum.of(walk.x) + sum.of(walk.y));
    }
  }

  private void pointObjects(int n) {
    Walk walk = new Walk(n);
    List<Textbook.DoublePoint> objects =
        IntStream.range(0, n)
            .mapToObj(i -> new Textbook.DoublePoint(walk.x[i], walk.y[i]))
            .toList();
    duel.time(
        metric("LTTB of %s, ns/point", n),
        n,
        SECONDS / 2,
        () -> Lttb.indices(Points.of(walk.x, walk.y), SHOWN)[1],
        TEXTBOOK + " over point objects",
        Kind.PEER,
        () -> Textbook.select(objects, SHOWN)[1].y());
  }

  /** Any range of a series that keeps summaries, against a plain LTTB of the same points. */
  private void keptSummaries(int n) {
    TimeSeries series = new TimeSeries(0, n);
    double[] times = new double[n];
    double[] values = new Walk(n).y;
    for (int i = 0; i < n; i++) {
      times[i] = 1000.0 * i;
      series.append(1000L * i, values[i]);
    }
    Points points = Points.of(times, values);
    duel.time(
        metric("whole series of %s kept with summaries, ns", n),
        1,
        SECONDS / 2,
        () -> series.downsample(0, Long.MAX_VALUE, SHOWN).valueAt(1),
        "plain LTTB, SIMD",
        Kind.PEER,
        () -> Lttb.indices(points, SHOWN)[1]);
    double worst = worstRange(series, n) / 1e6;
    duel.report(
        Comparison.lessIsBetter(
            "lttb",
            metric("slowest of 200 random ranges of %s, ms", n),
            worst,
            20,
            "goal",
            Kind.LIMIT));
  }

  /** Of each range the median of five, as the machine's own pauses are not the question. */
  private static double worstRange(TimeSeries series, int n) {
    Random random = new Random(1);
    double worst = 0;
    for (int i = 0; i < 200; i++) {
      long a = 1000L * random.nextInt(n);
      long b = 1000L * random.nextInt(n);
      long[] times = new long[5];
      for (int k = 0; k < times.length; k++) {
        long start = System.nanoTime();
        series.downsample(Math.min(a, b), Math.max(a, b) + 1, SHOWN);
        times[k] = System.nanoTime() - start;
      }
      Arrays.sort(times);
      worst = Math.max(worst, (double) times[2]);
    }
    return worst;
  }

  private void streaming() {
    int n = 1_000_000;
    Walk walk = new Walk(n);
    duel.time("streaming append, ns", n, SECONDS / 4, () -> stream(walk).settled(), 50);
  }

  private static StreamingLttb stream(Walk walk) {
    StreamingLttb stream = new StreamingLttb(500, 4000);
    for (int i = 0; i < walk.x.length; i++) {
      stream.append(walk.x[i], walk.y[i]);
    }
    return stream;
  }

  private String metric(String format, int n) {
    return variant + ": " + format.formatted("%.0e".formatted((double) n).replace("e+0", "e"));
  }
}
