package io.platformkit.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunGuardTest {
  private final RunGuard guard = new RunGuard("model");
  private final AtomicInteger released = new AtomicInteger();

  @Test
  void closingWaitsForRunsUnderWayAlsoWhenItIsInterrupted() throws InterruptedException {
    guard.enter();
    Thread closer = Thread.ofPlatform().start(() -> guard.close(() -> released.incrementAndGet()));
    await().until(() -> closer.getState() == Thread.State.WAITING);
    closer.interrupt();

    assertThatIllegalStateException().isThrownBy(guard::enter).withMessage("model is closed");
    assertThatIllegalStateException().isThrownBy(guard::requireOpen);
    assertThat(released).hasValue(0);
    guard.leave();
    closer.join();
    assertThat(released).hasValue(1);
  }

  @Test
  void itReleasesOnceWhoeverClosesHowOften() {
    guard.close(released::incrementAndGet);
    guard.close(released::incrementAndGet);
    assertThat(released).hasValue(1);
  }

  @Test
  void nothingRunsOnceItIsReleased() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      RunGuard tried = new RunGuard("model");
      AtomicBoolean gone = new AtomicBoolean();
      AtomicInteger late = new AtomicInteger();
      List<Thread> runners = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runners.add(Thread.ofPlatform().start(() -> runUntilClosed(tried, gone, late)));
      }
      tried.close(() -> gone.set(true));
      for (Thread runner : runners) {
        runner.join();
      }
      assertThat(late).hasValue(0);
    }
  }

  private static void runUntilClosed(RunGuard guard, AtomicBoolean gone, AtomicInteger late) {
    try {
      while (true) {
        guard.enter();
        if (gone.get()) {
          late.incrementAndGet();
        }
        guard.leave();
      }
    } catch (IllegalStateException closed) {
      assertThat(closed).hasMessage("model is closed");
    }
  }
}
