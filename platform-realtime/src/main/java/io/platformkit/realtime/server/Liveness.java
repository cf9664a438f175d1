package io.platformkit.realtime.server;

/** Whether a client is there: it is asked when it was not heard for a while. */
final class Liveness {
  private final Limits limits;
  private final long opened;
  private volatile long heard;
  private volatile long asked;

  Liveness(Limits limits, long now) {
    this.limits = limits;
    opened = now;
    heard = now;
    asked = now;
  }

  /** What to do. */
  enum Verdict {
    FINE,
    ASK,
    GONE
  }

  void heard(long now) {
    heard = now;
  }

  boolean isAuthLate(long now) {
    return now - opened > limits.authTimeout().toNanos();
  }

  /** For one thread at a time. */
  Verdict check(long now) {
    boolean waits = asked - heard > 0;
    if (waits) {
      return now - asked > limits.pongTimeout().toNanos() ? Verdict.GONE : Verdict.FINE;
    }
    if (now - heard > limits.pingInterval().toNanos()) {
      asked = now;
      return Verdict.ASK;
    }
    return Verdict.FINE;
  }
}
