package io.platformkit.core.health;

import java.util.Objects;

/**
 * What a check found.
 *
 * @param detail in words, for those who may see details; empty if there is nothing to say
 */
public record CheckResult(HealthStatus status, String detail) {
  private static final int MAX_DETAIL = 300;

  /** Shortens what is long. */
  public CheckResult {
    Objects.requireNonNull(status, "status");
    detail = detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) + "…" : detail;
  }

  /** All is well. */
  public static CheckResult healthy() {
    return new CheckResult(HealthStatus.HEALTHY, "");
  }

  /** All is well, and this is how well. */
  public static CheckResult healthy(String detail) {
    return new CheckResult(HealthStatus.HEALTHY, detail);
  }

  /** It works, but. */
  public static CheckResult degraded(String detail) {
    return new CheckResult(HealthStatus.DEGRADED, detail);
  }

  /** It does not work. */
  public static CheckResult unhealthy(String detail) {
    return new CheckResult(HealthStatus.UNHEALTHY, detail);
  }
}
