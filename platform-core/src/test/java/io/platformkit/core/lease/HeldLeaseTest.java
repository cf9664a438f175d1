package io.platformkit.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeldLeaseTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration VALID = Duration.ofMillis(9_898); // less 1 % and 2 ms

  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final ScriptedServer server = new ScriptedServer();

  private HeldLease take() {
    return HeldLease.of("report", 7, TTL, timers.nanoTime(), timers, server);
  }

  @Test
  void itIsValidForItsTimeLessAMargin() {
    HeldLease lease = take();
    assertThat(lease.name()).isEqualTo("report");
    assertThat(lease.token()).isEqualTo(7);
    assertThat(lease.remaining()).isEqualTo(VALID);
    timers.advance(Duration.ofSeconds(9));
    assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(898));
    assertThat(lease.lost()).isNotDone();
    timers.advance(Duration.ofMillis(898));
    assertThat(lease.remaining()).isZero();
    assertThat(lease.lost()).isCompleted();
  }

  @Test
  void itCountsFromBeforeTheRequest() {
    long askedAt = timers.nanoTime();
    timers.advance(Duration.ofSeconds(8));
    HeldLease lease = HeldLease.of("report", 7, TTL, askedAt, timers, server);
    assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(1_898));
    assertThat(lease.orGivenBack()).containsSame(lease);
  }

  @Test
  void anAnswerThatTookTooLongIsGivenBack() {
    long askedAt = timers.nanoTime();
    timers.advance(VALID);
    assertThat(HeldLease.of("report", 7, TTL, askedAt, timers, server).orGivenBack()).isEmpty();
    assertThat(server.releases).isEqualTo(1);
  }

  @Test
  void othersCanNotCompleteTheLoss() {
    HeldLease lease = take();
    lease.lost().complete(null);
    assertThat(lease.lost()).isNotDone();
  }

  @Nested
  class WhenRenewed {
    @Test
    void itCountsFromBeforeTheRenewalWasSent() {
      HeldLease lease = take();
      timers.advance(Duration.ofSeconds(5));
      server.answer =
          () -> {
            timers.advance(Duration.ofSeconds(1));
            return true;
          };
      assertThat(lease.renew()).isTrue();
      assertThat(lease.remaining()).isEqualTo(VALID.minusSeconds(1));
      timers.advance(VALID.minusSeconds(1).minusMillis(1));
      assertThat(lease.lost()).isNotDone();
      timers.advance(Duration.ofMillis(1));
      assertThat(lease.lost()).isCompleted();
    }

    @Test
    void aRefusalLosesIt() {
      HeldLease lease = take();
      server.answer = () -> false;
      assertThat(lease.renew()).isFalse();
      assertThat(lease.remaining()).isZero();
      assertThat(lease.lost()).isCompleted();
      assertThat(timers.pending()).isZero();
    }

    @Test
    void aFailureKeepsItUntilItsEnd() {
      HeldLease lease = take();
      timers.advance(Duration.ofSeconds(5));
      server.answer =
          () -> {
            throw new UnavailableException("down");
          };
      assertThatExceptionOfType(UnavailableException.class).isThrownBy(lease::renew);
      assertThat(lease.remaining()).isEqualTo(VALID.minusSeconds(5));
      timers.advance(VALID.minusSeconds(5));
      assertThat(lease.lost()).isCompleted();
    }

    @Test
    void afterItsEndTheServerIsNotAsked() {
      HeldLease lease = take();
      timers.advance(TTL);
      assertThat(lease.renew()).isFalse();
      assertThat(server.renewals).isZero();
    }

    @Test
    void aRenewalAnsweredAfterTheEndIsGivenBack() {
      HeldLease lease = take();
      server.answer =
          () -> {
            timers.advance(TTL);
            return true;
          };
      assertThat(lease.renew()).isFalse();
      assertThat(lease.lost()).isCompleted();
      assertThat(server.releases).isEqualTo(1);
    }
  }

  @Nested
  class WhenReleased {
    @Test
    void itIsNeverLost() {
      HeldLease lease = take();
      lease.release();
      lease.release();
      timers.advance(TTL);
      assertThat(lease.remaining()).isZero();
      assertThat(lease.renew()).isFalse();
      assertThat(lease.lost()).isNotDone();
      assertThat(server.releases).isEqualTo(1);
      assertThat(timers.pending()).isZero();
    }

    @Test
    void aFailedReleaseCanBeRepeated() {
      HeldLease lease = take();
      server.releaseFails = true;
      assertThatExceptionOfType(UnavailableException.class).isThrownBy(lease::release);
      assertThat(lease.remaining()).isZero();
      server.releaseFails = false;
      lease.release();
      assertThat(server.releases).isEqualTo(2);
    }

    @Test
    void aLostOneIsLeftAlone() {
      HeldLease lease = take();
      timers.advance(TTL);
      lease.release();
      assertThat(server.releases).isZero();
    }
  }

  @Test
  void whenItIsGivenUpItIsLostAndGivenBack() {
    HeldLease lease = take();
    lease.giveUp();
    lease.giveUp();
    lease.release();
    assertThat(lease.remaining()).isZero();
    assertThat(lease.lost()).isCompleted();
    assertThat(server.releases).isEqualTo(1);
    assertThat(timers.pending()).isZero();
  }

  @Nested
  class WhileWorkRuns {
    private final Leases leases =
        new Leases() {
          @Override
          public Optional<Lease> tryAcquire(String name, Duration ttl) {
            return server.taken ? Optional.empty() : Optional.of(take());
          }

          @Override
          public boolean whileHeld(String name, Duration ttl, LeasedWork work) {
            return HeldLease.whileHeld(this, name, ttl, work, timers);
          }

          @Override
          public void close() {}
        };

    @Test
    void itIsRenewedEveryThirdOfItsTime() {
      boolean done =
          leases.whileHeld(
              "report",
              TTL,
              lease -> {
                timers.advance(TTL.multipliedBy(3));
                assertThat(lease.remaining()).isPositive();
              });
      assertThat(done).isTrue();
      assertThat(server.renewals).isEqualTo(9);
      assertThat(server.releases).isEqualTo(1);
      assertThat(timers.pending()).isZero();
    }

    @Test
    void nothingRunsIfSomebodyHoldsIt() {
      server.taken = true;
      boolean done =
          leases.whileHeld(
              "report",
              TTL,
              lease -> {
                throw new AssertionError("ran");
              });
      assertThat(done).isFalse();
    }

    @Test
    void aLossInterruptsTheWorkAndTheFlagIsCleared() {
      server.answer = () -> false;
      assertThatExceptionOfType(LeaseLostException.class)
          .isThrownBy(() ->
              leases.whileHeld(
                  "report",
                  TTL,
                  lease -> {
                    timers.advance(TTL);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                  }))
          .withMessage("lease 'report' with token 7 is not held any more");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void theInterruptedWorksExceptionIsSuppressedInTheLoss() {
      server.answer = () -> false;
      assertThatExceptionOfType(LeaseLostException.class)
          .isThrownBy(() ->
              leases.whileHeld(
                  "report",
                  TTL,
                  lease -> {
                    timers.advance(TTL);
                    new CountDownLatch(1).await();
                  }))
          .satisfies(lost ->
              assertThat(lost.getSuppressed())
                  .singleElement()
                  .isInstanceOf(InterruptedException.class));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void failedRenewalsAreTriedAgain() {
      server.answer =
          () -> {
            if (server.renewals < 3) {
              throw new UnavailableException("down");
            }
            return true;
          };
      assertThat(leases.whileHeld("report", TTL, lease -> timers.advance(Duration.ofSeconds(9))))
          .isTrue();
    }

    @Test
    void anInterruptionFromOutsideIsKept() {
      leases.whileHeld("report", TTL, lease -> Thread.currentThread().interrupt());
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatTheWorkThrowsComesOutAndTheLeaseIsGivenBack() {
      IllegalStateException own = new IllegalStateException("own");
      assertThatThrownBy(() ->
              leases.whileHeld(
                  "report",
                  TTL,
                  lease -> {
                    throw own;
                  }))
          .isSameAs(own);
      assertThatExceptionOfType(PlatformException.class)
          .isThrownBy(() ->
              leases.whileHeld(
                  "report",
                  TTL,
                  lease -> {
                    throw new IOException("disk");
                  }))
          .withCauseInstanceOf(IOException.class);
      assertThat(server.releases).isEqualTo(2);
      assertThat(timers.pending()).isZero();
    }

    @Test
    void aLeaseThatCanNotBeGivenBackDoesNotFailTheWork() {
      server.releaseFails = true;
      assertThat(leases.whileHeld("report", TTL, lease -> {})).isTrue();
    }
  }

  private static final class ScriptedServer implements HeldLease.Server {
    private boolean taken;
    private int renewals;
    private int releases;
    private boolean releaseFails;
    private BooleanSupplier answer = () -> true;

    @Override
    public boolean renew() {
      renewals++;
      return answer.getAsBoolean();
    }

    @Override
    public void release() {
      releases++;
      if (releaseFails) {
        throw new UnavailableException("down");
      }
    }
  }
}
