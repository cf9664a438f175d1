package io.platformkit.benchmarks.ranker;

import com.sun.management.ThreadMXBean;
import io.platformkit.benchmarks.Comparison;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import io.platformkit.benchmarks.ranker.OurRanker.From;
import java.lang.management.ManagementFactory;

/** {@code ./bench duel ranker}: calls of a small model, one row and 500. */
public final class RankerDuel {
  private static final double GARBAGE = 500; // bytes a call, at most

  private final Duel duel;

  private RankerDuel(Duel duel) {
    this.duel = duel;
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}, {@code --only=1} or {@code --only=500}
   */
  public static void main(String[] args) throws Exception {
    Duel duel = Duel.of("ranker", args);
    duel.title("64→128→64→1, one thread, JDK %s".formatted(Runtime.version()));
    DjlRanker.beFirst();
    for (int rows : new int[] {500, 1}) {
      if (duel.wants(rows + " rows")) {
        new RankerDuel(duel).rows(rows);
      }
    }
  }

  private void rows(int rows) throws Exception {
    int calls = rows == 1 ? 100 : 2;
    String metric = rows + " rows, ";
    try (Ranker bound = new OurRanker(rows, From.TENSOR);
        Ranker plain = new PlainRanker(rows);
        Ranker arrays = new OurRanker(rows, From.ARRAY);
        Ranker djl = new DjlRanker(rows);
        Ranker byRow = new OurRanker(rows, From.NESTED);
        Ranker nested = new NestedRanker(rows)) {
      compare(metric + "ns", calls, bound, "plain ONNX Runtime, reused", Kind.LIMIT, plain);
      compare(metric + "array to array, ns", calls, arrays, "DJL, Predictor", Kind.PEER, djl);
      compare(metric + "nested arrays, ns", calls, byRow, "float[][]", Kind.PEER, nested);
      garbage(metric + "B/call", bound);
    }
  }

  private void compare(
      String metric, int calls, Ranker ours, String name, Kind kind, Ranker other) {
    duel.time(metric, calls, 6, () -> run(ours, calls), name, kind, () -> run(other, calls));
  }

  private static double run(Ranker ranker, int calls) {
    try {
      for (int i = 0; i < calls; i++) {
        ranker.run();
      }
    } catch (Exception failure) {
      throw new IllegalStateException("a run failed", failure);
    }
    return calls;
  }

  private void garbage(String metric, Ranker ranker) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = 1_000;
    run(ranker, calls);
    long before = threads.getCurrentThreadAllocatedBytes();
    run(ranker, calls);
    double bytes = (double) (threads.getCurrentThreadAllocatedBytes() - before) / calls;
    duel.report(Comparison.lessIsBetter(duel.name(), metric, bytes, GARBAGE, "goal", Kind.LIMIT));
  }
}
