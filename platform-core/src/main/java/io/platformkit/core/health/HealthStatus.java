package io.platformkit.core.health;

import java.util.Locale;

/** How something is doing; later constants are worse. */
public enum HealthStatus {
  /** All is well. */
  HEALTHY,
  /** It does its work, and somebody should look. */
  DEGRADED,
  /** It does not do its work. */
  UNHEALTHY;

  HealthStatus or(HealthStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As answers show it: {@code "healthy"}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
