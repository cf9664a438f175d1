package io.platformkit.core.health;

/** Finds out how something is doing. {@link Checks} has those of the ports. */
@FunctionalInterface
public interface HealthCheck {
  /**
   * Asks. Called by one thread at a time, a platform thread of its own; may block, and is
   * interrupted when its time is over.
   *
   * @throws Exception anything counts as unhealthy
   */
  CheckResult check() throws Exception;
}
