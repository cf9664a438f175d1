package io.platformkit.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.platformkit.core.ContractServer;
import io.platformkit.core.EmbeddedServer;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemoryLeasesTest extends LeasesContract {
  private final EmbeddedServer memory = EmbeddedServer.of("memory");
  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);

  @Override
  protected ContractServer server() {
    return memory;
  }

  @Override
  protected Leases open(Way way, String namespace) {
    return memory.port(
        namespace,
        () -> InMemoryLeases.builder().clock(memory.clock()).timers(memory.timers()).build());
  }

  private InMemoryLeases leases() {
    return closing(InMemoryLeases.builder().clock(clock).timers(timers).build());
  }

  @Test
  void expiredLeasesAreForgotten() {
    InMemoryLeases leases = leases();
    IntStream.range(0, 100).forEach(i -> take(leases, "a" + i, Duration.ofSeconds(1)));
    assertThat(leases.count()).isEqualTo(100);
    timers.advance(Duration.ofSeconds(1));
    assertThat(leases.count()).isZero();
    assertThat(timers.pending()).isZero();
  }

  @Test
  void tokensAreMicrosecondsOfTheClockOrMore() {
    InMemoryLeases leases = leases();
    long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    assertThat(take(leases, "a", LONG).token()).isEqualTo(now);
    assertThat(take(leases, "b", LONG).token()).isEqualTo(now + 1);
    clock.set(clock.instant().minusSeconds(10));
    assertThat(take(leases, "c", LONG).token()).isEqualTo(now + 2);
  }

  @Test
  void aClockThatJumpsEndsNoLease() {
    InMemoryLeases leases = leases();
    Lease lease = take(leases, "a", LONG);
    clock.advance(LONG.multipliedBy(2));
    assertThat(leases.tryAcquire("a", LONG)).isEmpty();
    assertThat(lease.renew()).isTrue();
  }

  @Test
  void leasesWithoutGivenTimersEndByThemselves() {
    InMemoryLeases leases = closing(InMemoryLeases.create());
    Lease lease = take(leases, "a", Leases.SHORTEST_TTL);
    assertThat(lease.lost())
        .succeedsWithin(PATIENCE); // a holder knows it before others may have it
    assertThat(awaitFree(leases, "a", LONG).token()).isGreaterThan(lease.token());
  }

  @Test
  void anOptionIsGivenOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> InMemoryLeases.builder().timers(timers).timers(timers))
        .withMessage("timers was already set");
  }
}
