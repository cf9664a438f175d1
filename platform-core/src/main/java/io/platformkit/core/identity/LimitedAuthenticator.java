package io.platformkit.core.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authentication.Throttled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another authenticator within a limit: an address that has shown too many wrong credentials gets
 * {@link Throttled}. Counts every outcome as {@code platform.core.identity.attempts} ({@code
 * outcome}, {@code reason}). Safe for concurrent use.
 */
public final class LimitedAuthenticator implements Authenticator {
  private static final Logger log = LoggerFactory.getLogger(LimitedAuthenticator.class);

  private final Authenticator authenticator;
  private final AttemptLimit limit;
  private final MeterRegistry registry;

  private LimitedAuthenticator(
      Authenticator authenticator, AttemptLimit limit, MeterRegistry registry) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    this.limit = Objects.requireNonNull(limit, "limit");
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  /** Counts nothing. */
  public static LimitedAuthenticator of(Authenticator authenticator, AttemptLimit limit) {
    return new LimitedAuthenticator(authenticator, limit, new CompositeMeterRegistry());
  }

  /** Counts in the host's registry. */
  public static LimitedAuthenticator of(
      Authenticator authenticator, AttemptLimit limit, MeterRegistry registry) {
    return new LimitedAuthenticator(authenticator, limit, registry);
  }

  @Override
  public Authentication authenticate(Credentials credentials, InetAddress peer) throws Exception {
    Duration blocked = limit.blockedFor(peer);
    if (blocked.isPositive()) {
      count("throttled", "none");
      return new Throttled(blocked);
    }
    Authentication outcome;
    try {
      outcome = authenticator.authenticate(credentials, peer);
    } catch (Exception e) {
      count("failed", "none");
      throw e;
    }
    account(outcome, peer);
    return outcome;
  }

  private void account(Authentication outcome, InetAddress peer) {
    switch (outcome) {
      case Authenticated right -> count("authenticated", "none");
      case Throttled later -> count("throttled", "none");
      case Absent unknown -> count("absent", "none");
      case Refused refused -> {
        count("refused", refused.reason().text());
        log.debug("credentials were refused: {}", refused.reason().text());
        if (refused.reason().isGuess()) {
          limit.failed(peer);
        }
      }
    }
  }

  private void count(String outcome, String reason) {
    registry
        .counter("platform.core.identity.attempts", "outcome", outcome, "reason", reason)
        .increment();
  }
}
