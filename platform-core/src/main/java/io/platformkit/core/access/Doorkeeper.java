package io.platformkit.core.access;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.PlatformException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authentication.Throttled;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who sent a request, or what to answer instead. */
final class Doorkeeper {
  private static final Logger log = LoggerFactory.getLogger(Access.class);

  private final Authenticator authenticator;
  private final Optional<SessionCookie> session;
  private final Refusals refusals;
  private final ErrorHandler errors;

  Doorkeeper(
      Authenticator authenticator,
      Optional<SessionCookie> session,
      Refusals refusals,
      ErrorHandler errors) {
    this.authenticator = authenticator;
    this.session = session;
    this.refusals = refusals;
    this.errors = errors;
  }

  /** What was found out. */
  sealed interface Finding {
    record Caller(Authenticated who) implements Finding {}

    record Answer(Response response) implements Finding {}
  }

  /** By the request's head, or by its cookie if the head shows nothing. */
  Finding find(Request request) {
    return switch (Shown.in(request)) {
      case Shown.One one -> ask(authenticator, one.credentials(), request);
      case Shown.Ambiguous ambiguous -> new Finding.Answer(refusals.ambiguous());
      case Shown.Nothing nothing -> bySession(request);
    };
  }

  /** A session is not limited: nobody guesses a signature, and an old tab is no attack. */
  private Finding bySession(Request request) {
    List<String> tokens = session.map(cookie -> cookie.in(request)).orElse(List.of());
    if (tokens.isEmpty()) {
      return new Finding.Answer(refusals.unknown());
    }
    if (Methods.change(request) && !SameOrigin.isClaimedBy(request)) {
      return new Finding.Answer(refusals.foreign());
    }
    return tokens.size() > 1
        ? new Finding.Answer(refusals.ambiguous())
        : ask(
            session.orElseThrow().authenticator(), Credentials.bearer(tokens.getFirst()), request);
  }

  /** Nobody can tell while a store is away: the caller may try again. */
  Finding ask(Authenticator whom, Credentials credentials, Request request) {
    try {
      return of(whom.authenticate(credentials, request.peer().getAddress()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding.Answer(refusals.unavailable());
    } catch (PlatformException e) {
      log.warn("{} could not be checked: {}", credentials, e.getMessage());
      return new Finding.Answer(refusals.unavailable());
    } catch (Exception e) {
      errors.handle("authenticator of " + credentials, e);
      return new Finding.Answer(refusals.unavailable());
    }
  }

  private Finding of(Authentication outcome) {
    return switch (outcome) {
      case Authenticated who -> new Finding.Caller(who);
      case Refused refused -> new Finding.Answer(refusals.refused());
      case Throttled later -> new Finding.Answer(refusals.throttled(later.retryAfter()));
      case Absent unknown -> new Finding.Answer(refusals.refused());
    };
  }
}
