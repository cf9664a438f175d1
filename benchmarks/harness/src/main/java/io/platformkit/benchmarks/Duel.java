package io.platformkit.benchmarks;

import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.core.Json;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Runs comparisons and prints each as soon as it is measured. Both sides are warmed up, then timed
 * in turns, so that a change of the machine's speed meets both; figures are medians. For one
 * thread.
 *
 * <p>With {@code --json} standard output carries one JSON line per comparison and nothing else, and
 * the table goes to standard error; with {@code --quick} there are fewer rounds; {@code
 * --only=TEXT} asks for the comparisons whose metric begins with the text.
 */
public final class Duel {
  private static final String ONLY = "--only=";
  private static final String ROW = "%-52s %10s %10s  %-34s %-5s %7s%n";

  private final String name;
  private final boolean quick;
  private final boolean json;
  private final String only;
  private final PrintStream table;
  private final PrintStream lines;
  private final LongSupplier nanos;
  private final Json codec = Json.standard();

  private Duel(
      String name, List<String> options, PrintStream out, PrintStream err, LongSupplier nanos) {
    this.name = name;
    this.quick = options.contains("--quick");
    this.json = options.contains("--json");
    this.only =
        options.stream()
            .filter(option -> option.startsWith(ONLY))
            .map(option -> option.substring(ONLY.length()))
            .findFirst()
            .orElse("");
    this.lines = out;
    this.table = json ? err : out;
    this.nanos = nanos;
  }

  /**
   * Starts a duel with the options of a command line.
   *
   * @throws IllegalArgumentException for an option other than {@code --quick}, {@code --json} and
   *     {@code --only=TEXT}
   */
  public static Duel of(String name, String... args) {
    return of(name, System.out, System.err, System::nanoTime, args);
  }

  static Duel of(
      String name, PrintStream out, PrintStream err, LongSupplier nanos, String... args) {
    List<String> options = Arrays.asList(args);
    options.stream()
        .filter(option -> !List.of("--quick", "--json").contains(option))
        .filter(option -> !option.startsWith(ONLY))
        .findFirst()
        .ifPresent(unknown -> {
          throw new IllegalArgumentException(
              "option was '" + unknown + "' but must be --quick, --json or --only=TEXT");
        });
    return new Duel(name, options, out, err, nanos);
  }

  /** Its name in reports. */
  public String name() {
    return name;
  }

  /** Whether the caller asked for a short run. */
  public boolean quick() {
    return quick;
  }

  /**
   * Whether the caller asked for comparisons of this kind; who runs them asks before.
   *
   * @param metric its name, or how the names of several begin
   */
  public boolean wants(String metric) {
    return metric.startsWith(only) || only.startsWith(metric);
  }

  /** Prints a title and the table's head. */
  public void title(String title) {
    table.printf("%n%s: %s%n", name, title);
    table.printf(ROW, "metric", "ours", "other", "other is", "kind", "ratio");
  }

  /** Prints a line that is no comparison. */
  public void say(String line) {
    table.println("  " + line);
  }

  /** One side of a comparison: an operation whose result is not thrown away. */
  @FunctionalInterface
  public interface Side {
    /** Does it once; the result keeps the JIT compiler from leaving it out. */
    double run();
  }

  /**
   * Times two operations in turns.
   *
   * @param metric ends with the unit, which is nanoseconds per one of {@code units}
   * @param units how many things one operation does: points, say
   * @param seconds about how long to measure, without warm-up
   */
  public Comparison time(
      String metric, long units, double seconds, Side ours, String peerName, Kind kind, Side peer) {
    double[] figures = inTurns(ours, peer, quick ? seconds / 6 : seconds);
    return report(
        Comparison.lessIsBetter(
            name, metric, figures[0] / units, figures[1] / units, peerName, kind));
  }

  /**
   * Times one operation against a stated goal.
   *
   * @param goal in the unit of the metric: nanoseconds per one of {@code units}
   */
  public Comparison time(String metric, long units, double seconds, Side ours, double goal) {
    double figure = inTurns(ours, () -> 0, quick ? seconds / 6 : seconds)[0] / units;
    return report(Comparison.lessIsBetter(name, metric, figure, goal, "goal", Kind.LIMIT));
  }

  /** Prints a comparison that was measured elsewhere. */
  public Comparison report(Comparison row) {
    table.printf(
        ROW,
        row.metric(),
        figure(row.ours()),
        figure(row.peer()),
        row.peerName(),
        row.kind().name().toLowerCase(Locale.ROOT),
        "%.2f".formatted(row.ratio()));
    table.flush();
    if (json) {
      lines.println(codec.encodeText(row.toJson()));
    }
    return row;
  }

  private static String figure(double value) {
    return (value < 10 ? "%.3f" : "%.1f").formatted(value);
  }

  private double[] inTurns(Side ours, Side peer, double seconds) {
    long budget = (long) (seconds * 1e9);
    repeat(ours, peer, budget, 5);
    long[][] times = repeat(ours, peer, budget, 7);
    return new double[] {median(times[0]), median(times[1])};
  }

  private long[][] repeat(Side ours, Side peer, long budget, int fewest) {
    long[] a = new long[100_000];
    long[] b = new long[a.length];
    long start = nanos.getAsLong();
    int rounds = 0;
    while (rounds < a.length && (rounds < fewest || nanos.getAsLong() - start < budget)) {
      a[rounds] = time(ours);
      b[rounds] = time(peer);
      rounds++;
    }
    return new long[][] {Arrays.copyOf(a, rounds), Arrays.copyOf(b, rounds)};
  }

  private long time(Side side) {
    long start = nanos.getAsLong();
    sink = side.run();
    return nanos.getAsLong() - start;
  }

  /** Results go here, so that no run is left out. */
  @SuppressWarnings("UnusedVariable")
  private volatile double sink;

  private static double median(long[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
