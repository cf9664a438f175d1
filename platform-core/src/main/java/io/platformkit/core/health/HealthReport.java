package io.platformkit.core.health;

import java.time.Instant;
import java.util.List;

/**
 * How the host is doing.
 *
 * @param status unhealthy if a critical check is, or the host drains; degraded if any other check
 *     is not healthy
 * @param draining whether the host is about to stop
 * @param at when the checks were run
 * @param checks in the order in which they were given
 */
public record HealthReport(
    HealthStatus status, boolean draining, Instant at, List<CheckReport> checks) {
  /** Copies. */
  public HealthReport {
    checks = List.copyOf(checks);
  }
}
