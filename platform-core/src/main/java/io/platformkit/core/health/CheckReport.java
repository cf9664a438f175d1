package io.platformkit.core.health;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of one check.
 *
 * @param critical whether the host cannot do its work without it
 * @param took how long the check ran, or was waited for
 * @param since when it got this status
 */
public record CheckReport(
    String name, boolean critical, CheckResult result, Duration took, Instant since) {
  /** What this means for the host as a whole. */
  HealthStatus forTheHost() {
    return result.status() == HealthStatus.UNHEALTHY && !critical
        ? HealthStatus.DEGRADED
        : result.status();
  }
}
