package io.platformkit.core.health;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One check and what is known of it. It runs on a platform thread: one that hangs in native code or
 * in {@code synchronized} would hold a carrier of virtual threads. While one run hangs, no other is
 * started. For one thread at a time.
 */
final class WatchedCheck {
  private final String name;
  private final boolean critical;
  private final HealthCheck check;
  private final AtomicBoolean busy = new AtomicBoolean();
  private @Nullable Run run;
  private volatile @Nullable CheckReport last;

  private record Run(
      Thread thread, CompletableFuture<CheckResult> result, long startNanos, boolean isNew) {}

  WatchedCheck(String name, boolean critical, HealthCheck check) {
    this.name = name;
    this.critical = critical;
    this.check = check;
  }

  String name() {
    return name;
  }

  /** What the last report says, as a number; before there is one, nobody knows. */
  double gauge() {
    CheckReport known = last;
    if (known == null) {
      return Double.NaN;
    }
    return switch (known.result().status()) {
      case HEALTHY -> 1;
      case DEGRADED -> 0.5;
      case UNHEALTHY -> 0;
    };
  }

  void begin() {
    Run hanging = run;
    if (!busy.compareAndSet(false, true) && hanging != null) {
      run = new Run(hanging.thread(), hanging.result(), hanging.startNanos(), false);
      return;
    }
    CompletableFuture<CheckResult> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform().daemon().name("platform-health-" + name).unstarted(() -> ask(result));
    run = new Run(thread, result, System.nanoTime(), true);
    thread.start();
  }

  private void ask(CompletableFuture<CheckResult> result) {
    CheckResult found = CheckResult.unhealthy("the check ended with an Error");
    try {
      found = check.check();
    } catch (Exception e) {
      found = CheckResult.unhealthy(e.getClass().getSimpleName() + ": " + e.getMessage());
    } finally {
      busy.set(false);
      result.complete(found);
    }
  }

  /** Waits until the check is done, or its time is over. */
  CheckReport end(Duration timeout, Instant now) throws InterruptedException {
    Run asked = run;
    if (asked == null) {
      throw new IllegalStateException("check '" + name + "' was not begun");
    }
    CheckResult found = asked.isNew() ? awaited(asked, timeout) : stillRunning(asked);
    Duration took = Duration.ofNanos(System.nanoTime() - asked.startNanos());
    CheckReport report = new CheckReport(name, critical, found, took, since(found, now));
    last = report;
    return report;
  }

  private Instant since(CheckResult found, Instant now) {
    CheckReport before = last;
    return before != null && before.result().status() == found.status() ? before.since() : now;
  }

  private static CheckResult awaited(Run run, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos() - (System.nanoTime() - run.startNanos());
    try {
      return run.result().get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      run.thread().interrupt();
      return CheckResult.unhealthy("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a check's result never fails", e);
    }
  }

  private static CheckResult stillRunning(Run run) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - run.startNanos());
    return CheckResult.unhealthy("the check that began " + seconds + " s ago still runs");
  }
}
