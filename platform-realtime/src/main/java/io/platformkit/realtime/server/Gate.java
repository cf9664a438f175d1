package io.platformkit.realtime.server;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.PlatformException;
import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.realtime.CloseReason;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in, and who may stay: the host's authenticator, and those whose credentials were
 * taken back. Safe for concurrent use; blocks.
 */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final byte[] REVOKED = "revoked".getBytes(StandardCharsets.UTF_8);

  private static final int PAGE = 500;

  private final Optional<Authenticator> authenticator;
  private final Tokens tokens;
  private final Optional<KeyValueStore> revocations;
  private final ErrorHandler errors;

  Gate(
      Optional<Authenticator> authenticator,
      Tokens tokens,
      Optional<KeyValueStore> revocations,
      ErrorHandler errors) {
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.revocations = revocations;
    this.errors = errors;
  }

  /** What was found out about a client. */
  sealed interface Finding {
    /** It may come in. */
    record Admitted(Principal principal, Optional<Instant> expiresAt) implements Finding {}

    /** It may not. */
    record Refused(CloseReason why) implements Finding {}
  }

  /** Whether a client has to say who it is. */
  boolean asks() {
    return authenticator.isPresent();
  }

  /** What a request shows to say who it is from. */
  Optional<Credentials> shown(Request request) {
    return tokens.in(request);
  }

  Finding check(Credentials credentials, InetAddress peer) {
    try {
      return switch (authenticator.orElseThrow().authenticate(credentials, peer)) {
        case Authentication.Authenticated who ->
            isRevoked(who.principal())
                ? new Finding.Refused(CloseReason.UNAUTHORIZED)
                : new Finding.Admitted(who.principal(), who.expiresAt());
        case Authentication.Throttled later -> new Finding.Refused(CloseReason.UNAVAILABLE);
        case Authentication.Refused refused -> new Finding.Refused(CloseReason.UNAUTHORIZED);
        case Authentication.Absent unknown -> new Finding.Refused(CloseReason.UNAUTHORIZED);
      };
    } catch (PlatformException e) {
      log.warn("{} could not be checked: {}", credentials, e.getMessage());
      return new Finding.Refused(CloseReason.UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding.Refused(CloseReason.UNAVAILABLE);
    } catch (Exception e) {
      errors.handle("authenticator of " + credentials, e);
      return new Finding.Refused(CloseReason.UNAVAILABLE);
    }
  }

  /** Why somebody who was let in may not stay, as far as the store knows by now. */
  Optional<CloseReason> refusal(Principal principal) {
    try {
      return isRevoked(principal) ? Optional.of(CloseReason.UNAUTHORIZED) : Optional.empty();
    } catch (PlatformException e) {
      log.warn("{} could not be checked again: {}", principal.id(), e.getMessage());
      return Optional.of(CloseReason.UNAVAILABLE);
    }
  }

  private boolean isRevoked(Principal principal) {
    return !revokedAmong(List.of(principal.id())).isEmpty();
  }

  /** Those of some principals who are let in no more; a page of them is one round trip. */
  List<String> revokedAmong(Collection<String> principals) {
    if (revocations.isEmpty()) {
      return List.of();
    }
    List<String> asked = List.copyOf(principals);
    List<String> revoked = new ArrayList<>();
    for (int from = 0; from < asked.size(); from += PAGE) {
      List<String> page = asked.subList(from, Math.min(from + PAGE, asked.size()));
      revoked.addAll(revocations.get().getAll(page).keySet());
    }
    return revoked;
  }

  /**
   * Lets a principal in no more for so long.
   *
   * @throws IllegalStateException if the host gave no store to keep that in
   */
  void revoke(String principal, Duration lifetime) {
    revocations
        .orElseThrow(() ->
            new IllegalStateException("there is no store; build the server with revocations(…)"))
        .put(principal, REVOKED, Ttl.of(lifetime));
  }
}
