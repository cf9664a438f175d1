package io.platformkit.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.platformkit.benchmarks.Comparison.Kind;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.HdrHistogram.Histogram;

/**
 * Many callers at once: throughput, the time that the slowest calls take, and what of the processor
 * this process needs. Both sides run in turns, with the same callers; figures are of the median
 * round by throughput. For one thread.
 */
public final class LoadDuel {
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private final Duel duel;
  private final int rounds;
  private final double seconds;
  private final ThreadFactory callers;

  LoadDuel(Duel duel, int rounds, double seconds) {
    this(duel, rounds, seconds, Thread.ofPlatform().name("caller-", 0).factory());
  }

  private LoadDuel(Duel duel, int rounds, double seconds, ThreadFactory callers) {
    this.duel = duel;
    this.rounds = rounds;
    this.seconds = seconds;
    this.callers = callers;
  }

  /** Rounds of 2 seconds a side, five of them; quick ones are three of half a second. */
  public static LoadDuel of(Duel duel) {
    return duel.quick() ? new LoadDuel(duel, 3, 0.5) : new LoadDuel(duel, 5, 2);
  }

  /** The same with callers on virtual threads. */
  public LoadDuel onVirtualThreads() {
    return new LoadDuel(duel, rounds, seconds, Thread.ofVirtual().name("caller-", 0).factory());
  }

  /** What a caller does again and again. */
  @FunctionalInterface
  public interface Call {
    /**
     * Does it once and waits until it is done.
     *
     * @param caller from 0 to one less than the callers
     * @param turn from 0, of this caller
     */
    void run(int caller, long turn) throws Exception;
  }

  /**
   * What a side did in one round.
   *
   * @param perSecond units a second
   * @param p99Micros of single calls
   * @param cpuMicros of this process, a unit
   */
  public record Round(double perSecond, double p99Micros, double cpuMicros) {}

  /**
   * Runs both sides and reports three rows.
   *
   * @param metric without a unit: {@code "PostgreSQL: append, 16 callers"}
   * @param units what one call does: entries of a batch, say
   * @return how our throughput compares
   */
  public Comparison run(
      String metric, int callers, int units, Call ours, String peerName, Kind kind, Call peer)
      throws InterruptedException {
    round(callers, units, ours);
    round(callers, units, peer);
    List<Round> our = new ArrayList<>();
    List<Round> other = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      our.add(round(callers, units, ours));
      other.add(round(callers, units, peer));
    }
    Round a = median(our);
    Round b = median(other);
    Comparison throughput =
        Comparison.moreIsBetter(
            duel.name(), metric + ", 1/s", a.perSecond, b.perSecond, peerName, kind);
    duel.report(throughput);
    duel.report(
        Comparison.lessIsBetter(
            duel.name(), metric + ", p99 µs", a.p99Micros, b.p99Micros, peerName, kind));
    duel.report(
        Comparison.lessIsBetter(
            duel.name(), metric + ", client CPU µs", a.cpuMicros, b.cpuMicros, peerName, kind));
    return throughput;
  }

  /**
   * Runs one side alone, after a round that is not counted, and reports nothing.
   *
   * @return the median round by throughput
   */
  public Round measure(int callers, int units, Call call) throws InterruptedException {
    round(callers, units, call);
    List<Round> all = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      all.add(round(callers, units, call));
    }
    return median(all);
  }

  private static Round median(List<Round> rounds) {
    return rounds.stream()
        .sorted((a, b) -> Double.compare(a.perSecond, b.perSecond))
        .toList()
        .get(rounds.size() / 2);
  }

  private Round round(int count, int units, Call call) throws InterruptedException {
    CompletableFuture<Long> end = new CompletableFuture<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(callers)) {
      List<Future<Histogram>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int caller = i;
        running.add(threads.submit(() -> callAgainAndAgain(caller, call, end)));
      }
      long cpu = cpuNanos();
      long begin = System.nanoTime();
      end.complete(begin + (long) (seconds * 1e9));
      Histogram all = sum(running);
      double elapsed = System.nanoTime() - begin;
      double done = (double) all.getTotalCount() * units;
      return new Round(
          done / elapsed * 1e9,
          all.getValueAtPercentile(99) / 1e3,
          (cpuNanos() - cpu) / done / 1e3);
    }
  }

  /** Once at least, and until an end that is the same for all, however late a thread begins. */
  private static Histogram callAgainAndAgain(int caller, Call call, Future<Long> endOfAll)
      throws Exception {
    Histogram times = new Histogram(LONGEST_NANOS, 3);
    long end = endOfAll.get();
    long now = System.nanoTime();
    long turn = 0;
    do {
      long before = now;
      call.run(caller, turn++);
      now = System.nanoTime();
      times.recordValue(Math.min(LONGEST_NANOS, now - before));
    } while (now - end < 0);
    return times;
  }

  private static Histogram sum(List<Future<Histogram>> running) throws InterruptedException {
    Histogram all = new Histogram(LONGEST_NANOS, 3);
    for (Future<Histogram> one : running) {
      try {
        all.add(one.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a caller failed", e.getCause());
      }
    }
    return all;
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
