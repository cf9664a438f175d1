package io.platformkit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.platformkit.benchmarks.Comparison.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoadDuelTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
  private final LoadDuel load =
      new LoadDuel(Duel.of("demo", stream, stream, System::nanoTime), 3, 0.05);

  private static void waitMillis(long millis) {
    LockSupport.parkNanos(millis * 1_000_000);
  }

  @Test
  void theSideThatDoesMoreInTheSameTimeIsBetter() throws InterruptedException {
    Comparison throughput =
        load.run(
            "wait",
            2,
            1,
            (caller, turn) -> waitMillis(2),
            "waits longer",
            Kind.PEER,
            (caller, turn) -> waitMillis(20));

    assertThat(throughput.ratio()).isGreaterThan(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("wait, 1/s", "wait, p99 µs", "wait, client CPU µs", "waits longer");
  }

  @Test
  void eachCallerCountsItsOwnTurns() throws InterruptedException {
    Set<Integer> callers = ConcurrentHashMap.newKeySet();
    AtomicLong firstTurns = new AtomicLong();

    load.run(
        "count",
        3,
        10,
        (caller, turn) -> {
          callers.add(caller);
          if (turn == 0) {
            firstTurns.incrementAndGet();
          }
          waitMillis(5);
        },
        "idle",
        Kind.LIMIT,
        (caller, turn) -> waitMillis(5));

    assertThat(callers).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(firstTurns).hasValue(3 * 4); // a warm-up and three rounds
  }

  @Test
  void aCallThatFailsEndsTheDuel() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            load.run(
                "fail",
                1,
                1,
                (caller, turn) -> {
                  throw new java.io.IOException("no server");
                },
                "works",
                Kind.PEER,
                (caller, turn) -> waitMillis(1)))
        .withRootCauseInstanceOf(java.io.IOException.class);
  }
}
