package io.platformkit.core;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes things one after the other, within a time limit, whatever fails. For one thread, one run.
 *
 * <pre>{@code
 * CloseOrder.within(drainTimeout)
 *     .then("intake", intake::stop)
 *     .then("workers", workers::drain)
 *     .then("connections", pool)
 *     .run();
 * }</pre>
 *
 * <p>Every step runs, in order, on a daemon thread of its own named after it. Of a limit for n
 * steps, a step may use all that is left except limit/(2·n) for each step after it: so an early
 * step may take long when the others are quick, every step gets at least limit/(2·n), and all
 * together end within the limit. A step that is over its time is interrupted, left behind and
 * counts as failed; what it throws later is logged.
 */
public final class CloseOrder {
  private static final Logger log = LoggerFactory.getLogger(CloseOrder.class);

  private final Duration limit;
  private final List<Step> steps = new ArrayList<>();
  private boolean ran;

  private CloseOrder(Duration limit) {
    this.limit = limit;
  }

  /**
   * Starts an order without steps.
   *
   * @param limit for all steps together, more than zero
   */
  public static CloseOrder within(Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(
          "limit was '%s' but it must be more than zero".formatted(limit));
    }
    return new CloseOrder(limit);
  }

  /**
   * Adds a step after the others.
   *
   * @param what names it in messages and in its thread's name: {@code "workers"}
   */
  public CloseOrder then(String what, AutoCloseable step) {
    steps.add(new Step(what, step));
    return this;
  }

  /**
   * Runs all steps; blocks for the limit at most. An interruption of the caller changes nothing but
   * the flag, which is set again at the end.
   *
   * @throws PlatformException names the first step that failed, for whatever {@link Throwable};
   *     those of later steps are suppressed in it
   * @throws IllegalStateException if it ran before
   */
  public void run() {
    if (ran) {
      throw new IllegalStateException("the close order already ran; make a new one");
    }
    ran = true;
    if (steps.isEmpty()) {
      return;
    }
    long nanos = TimeUnit.NANOSECONDS.convert(limit);
    long end = System.nanoTime() + nanos;
    long reserve = nanos / 2 / steps.size();
    boolean interrupted = Thread.interrupted();
    PlatformException failure = null;
    for (int i = 0; i < steps.size(); i++) {
      Run run = new Run(steps.get(i), end - reserve * (steps.size() - 1 - i));
      Optional<PlatformException> outcome = run.finish();
      interrupted |= run.callerInterrupted;
      if (outcome.isPresent()) {
        failure = first(failure, outcome.get());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static PlatformException first(
      @Nullable PlatformException first, PlatformException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  private record Step(String what, AutoCloseable body) {}

  /** One run of one step: whoever completes the outcome first, the step or the time, decides. */
  private static final class Run {
    private final Step step;
    private final long start = System.nanoTime();
    private final long end;
    private final CompletableFuture<Optional<PlatformException>> outcome =
        new CompletableFuture<>();
    private boolean callerInterrupted;

    Run(Step step, long end) {
      this.step = step;
      this.end = end;
    }

    Optional<PlatformException> finish() {
      Thread thread = Thread.ofPlatform().daemon().name("close-" + step.what).unstarted(this::call);
      try {
        thread.start();
      } catch (OutOfMemoryError noThread) {
        return Optional.of(failed(noThread));
      }
      while (true) {
        try {
          return outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          callerInterrupted = true;
        } catch (TimeoutException e) {
          if (outcome.complete(Optional.of(late()))) {
            thread.interrupt();
          }
        } catch (ExecutionException e) {
          throw new AssertionError("the outcome is never exceptional", e);
        }
      }
    }

    private void call() {
      Optional<PlatformException> result = Optional.empty();
      try {
        step.body.close();
      } catch (Throwable failure) {
        result = Optional.of(failed(failure));
      }
      if (!outcome.complete(result)) {
        result
            .filter(late -> !(late.getCause() instanceof InterruptedException))
            .ifPresent(late -> log.warn("{}, after it was left behind", late.getMessage(), late));
      }
    }

    private PlatformException failed(Throwable cause) {
      return new PlatformException("Closing '%s' failed".formatted(step.what), cause);
    }

    private PlatformException late() {
      return new PlatformException(
          "Closing '%s' took longer than %s; it was interrupted and left behind"
              .formatted(step.what, Duration.ofNanos(end - start).truncatedTo(ChronoUnit.MILLIS)));
    }
  }
}
