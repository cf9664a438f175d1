package io.platformkit.benchmarks.swap;

import io.platformkit.benchmarks.Soak;
import io.platformkit.ml.serving.SwapsUnderLoad;
import io.platformkit.ml.serving.SwapsUnderLoad.Outcome;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/** {@code ./bench soak swap}: no request dropped, none answered by two versions, memory flat. */
public final class SwapSoak {
  private static final int SWAPS = 10_000;
  private static final int QUICK = 500;
  private static final int WARM_UP = 2_000;
  private static final int CALLERS = 4;

  private SwapSoak() {}

  /**
   * Swaps 10,000 times after a warm-up of 2,000; ends with status 1 if anything was wrong.
   *
   * @param args {@code --quick} for 500 swaps after the warm-up
   */
  public static void main(String[] args) throws Exception {
    Soak soak = Soak.of("swap", args);
    int swaps = List.of(args).contains("--quick") ? QUICK : SWAPS;
    System.out.printf("swap: %d swaps to warm up ...%n", WARM_UP);
    new SwapsUnderLoad().run(WARM_UP, CALLERS, swap -> {});
    AtomicLong done = new AtomicLong();
    Callable<Outcome> load = () -> new SwapsUnderLoad().run(swaps, CALLERS, done::set);
    FutureTask<Outcome> running = new FutureTask<>(load);
    Thread.ofPlatform().name("swaps").start(running);
    boolean flat = soak.watchUntil(running::isDone, () -> done + " swaps");
    Outcome outcome = running.get();
    System.out.printf(
        "swap: %d swaps, %d answers, %d without an answer or of two versions%n",
        outcome.swaps(), outcome.answers(), outcome.faulty());
    outcome.faults().forEach(System.out::println);
    System.exit(flat && outcome.faulty() == 0 ? 0 : 1);
  }
}
