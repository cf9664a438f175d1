package io.platformkit.benchmarks.http;

import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import io.platformkit.benchmarks.LoadDuel;
import java.util.SplittableRandom;

/** {@code ./bench duel http}: predictions from a second process, by how many are in the cache. */
public final class HttpDuel {
  private static final int CALLERS = 16;
  private static final int HOT = 100;
  private static final int[] HIT_PERCENTS = {0, 40, 85};

  private HttpDuel() {}

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick} or {@code --json}
   */
  public static void main(String[] args) throws Exception {
    Duel duel = Duel.of("http", args);
    duel.title(
        "1 row of 64→128→64→1, %d callers, one process asks and one serves, JDK %s"
            .formatted(CALLERS, Runtime.version()));
    try (HostProcess host = HostProcess.start()) {
      SplittableRandom random = new SplittableRandom(1);
      Client client = new Client(host.port(), random);
      client.requireSame();
      LoadDuel load = LoadDuel.of(duel);
      for (int percent : HIT_PERCENTS) {
        load.run(
            "cache hits %d %%".formatted(percent),
            CALLERS,
            1,
            (caller, turn) -> client.ours(id(percent, caller, turn)),
            "plain ONNX Runtime behind the same server",
            Kind.LIMIT,
            (caller, turn) -> client.plain(id(percent, caller, turn)));
      }
    }
  }

  /**
   * One of a hundred users so often as there are to be hits, and else one that never was before.
   */
  private static String id(int percent, int caller, long turn) {
    long hash = (caller * 1_000_003L + turn) * 0x9E3779B97F4A7C15L;
    boolean hot = Long.remainderUnsigned(hash >>> 32, 100) < percent;
    return hot
        ? "hot-" + Long.remainderUnsigned(hash, HOT)
        : "new-%d-%d".formatted(caller, System.nanoTime());
  }
}
