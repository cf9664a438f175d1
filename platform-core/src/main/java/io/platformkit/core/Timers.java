package io.platformkit.core;

import java.time.Duration;

/**
 * Waiting, as a port: whatever has to happen later is handed to timers, so that a test can move
 * time by hand. Safe for concurrent use.
 *
 * <p>Its clock only grows and has nothing to do with the wall clock, which may jump; "what time is
 * it" is a {@link java.time.InstantSource}.
 */
public interface Timers {
  /** Nanoseconds since some fixed moment; only the difference of two readings means anything. */
  long nanoTime();

  /**
   * Runs the task once, after the delay, on a thread of its own where blocking is allowed. A throw
   * goes to the timers' {@link ErrorHandler}.
   *
   * @param name says in logs and thread names what runs: {@code "cpu-sampler"}
   * @param delay zero or more
   * @throws IllegalArgumentException if the delay is negative
   * @throws IllegalStateException if the timers are closed
   */
  Timer after(String name, Duration delay, Runnable task);

  /**
   * Runs the task again and again, first after one period. Runs keep to the grid of the first one
   * and never overlap: while a run is late, its turns are skipped. A throw goes to the {@link
   * ErrorHandler} and does not end the series.
   *
   * @param period more than zero
   * @throws IllegalArgumentException if the period is zero or negative
   * @throws IllegalStateException if the timers are closed
   */
  Timer every(String name, Duration period, Runnable task);

  /** A task that waits. */
  interface Timer {
    /** Keeps the task from starting again; a run in progress goes on. Any number of calls. */
    void cancel();
  }
}
