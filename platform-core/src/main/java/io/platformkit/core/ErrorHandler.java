package io.platformkit.core;

/**
 * Told of what the host's own code threw when we called it back. Called by many threads at once;
 * must not throw.
 */
@FunctionalInterface
public interface ErrorHandler {
  /**
   * Takes one failure.
   *
   * @param where what was called, with ids and no payload: {@code "timer 'cpu-sampler'"}
   */
  void handle(String where, Throwable failure);

  /** Logs each failure at ERROR with its stack trace. */
  static ErrorHandler logging() {
    return LoggingErrorHandler.INSTANCE;
  }
}
