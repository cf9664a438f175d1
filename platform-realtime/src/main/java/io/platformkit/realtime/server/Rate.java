package io.platformkit.realtime.server;

/** How much a client may still send: a bucket of tokens. For one thread. */
final class Rate {
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final int burst;
  private double tokens;
  private long since;

  Rate(int perSecond, int burst, long now) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.since = now;
  }

  /** Whether one more may be taken; a second burst beyond that, and {@link #isExceeded}. */
  boolean take(long now) {
    tokens = Math.min(burst, tokens + (now - since) / NANOS * perSecond) - 1;
    since = now;
    return tokens >= 0;
  }

  /** Whether the client has not stopped when it was told. */
  boolean isExceeded() {
    return tokens < -burst;
  }
}
