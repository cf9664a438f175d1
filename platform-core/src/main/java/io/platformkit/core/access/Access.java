package io.platformkit.core.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.AttemptLimit;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.LimitedAuthenticator;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.IssuedToken;
import io.platformkit.core.jwt.TokenIssuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: guards in front of endpoints, and the endpoints with which callers deal with their
 * own credentials. All of them share one limit for wrong ones. Safe for concurrent use.
 *
 * <p>The address that is limited is {@link Request#peer}: behind a proxy, declare it to the server,
 * or all callers are one. Counts {@code platform.core.identity.attempts}.
 */
public final class Access {
  private final Authenticator authenticator;
  private final Function<Authenticator, Authenticator> limited;
  private final Refusals refusals;
  private final Doorkeeper doorkeeper;
  private final Optional<SessionCookie> session;
  private final Optional<Cors> cors;
  private final ErrorHandler errors;

  private Access(Builder options) {
    limited = other -> LimitedAuthenticator.of(other, options.limit, options.registry);
    authenticator = limited.apply(options.authenticator);
    refusals = new Refusals(options.realm);
    session = options.session;
    cors = options.cors;
    errors = options.errors;
    doorkeeper = new Doorkeeper(authenticator, session, refusals, errors);
  }

  /**
   * Starts with the authenticator of tokens and keys; {@link Authenticator#firstOf} makes one of
   * several.
   */
  public static Builder builder(Authenticator authenticator) {
    return new Builder(authenticator);
  }

  /** The host's authenticator within the limit: what realtime sessions should ask too. */
  public Authenticator authenticator() {
    return authenticator;
  }

  /**
   * What a request shows in its head, or else in its session's cookie: for realtime servers, whose
   * authenticator is {@link #visitors} then. A cookie comes from whatever page has the browser send
   * it: ask for the origin first. Empty if there is nothing, or more than one thing.
   */
  public Optional<Credentials> credentials(Request request) {
    return switch (Shown.in(request)) {
      case Shown.One one -> Optional.of(one.credentials());
      case Shown.Ambiguous ambiguous -> Optional.empty();
      case Shown.Nothing nothing -> session.flatMap(cookie -> cookie.credentials(request));
    };
  }

  /** As {@link #authenticator}, for what {@link #credentials} finds in cookies too. */
  public Authenticator visitors() {
    return session
        .map(cookie -> Authenticator.firstOf(cookie.ofCookies(), authenticator))
        .orElse(authenticator);
  }

  /** Puts a guard in front of an endpoint. */
  public Guard.Builder guard(HttpEndpoint endpoint) {
    return new Guard.Builder(endpoint, doorkeeper, cors, errors);
  }

  /** {@code GET}: id, roles and tenant of whoever asks. To be mounted behind {@link Need#known}. */
  public HttpEndpoint me() {
    return request -> Response.json(description(Need.known().require(request)));
  }

  /**
   * {@code POST} with an API key in the head: a token, {@code {"access_token", "token_type",
   * "expires_in"}}. It checks the key itself; to be mounted as {@link Need#open}. A token does not
   * get another one.
   */
  public HttpEndpoint tokenTrade(ApiKeys keys, TokenIssuer issuer) {
    Authenticator byKey = limited.apply(keys);
    return request ->
        switch (Shown.in(request)) {
          case Shown.One one ->
              answered(byKey, one.credentials(), request, who -> traded(issuer, who));
          case Shown.Ambiguous ambiguous -> refusals.ambiguous();
          case Shown.Nothing nothing -> refusals.unknown();
        };
  }

  private static Response traded(TokenIssuer issuer, Authenticated who) {
    IssuedToken token = issuer.issue(who);
    Duration left = Duration.between(issuer.clock().instant(), token.expiresAt());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", token.text());
    answer.put("token_type", "Bearer");
    answer.put("expires_in", Math.max(0, left.toSeconds()));
    return Response.json(answer).withHeader("Cache-Control", "no-store");
  }

  /**
   * {@code POST {"key": "pk_…"}} from a page of our own: sets the session's cookie and answers as
   * {@link #me}. To be mounted as {@link Need#open}.
   *
   * @throws IllegalStateException if there is no {@link Builder#session}
   */
  public HttpEndpoint login() {
    SessionCookie cookie = requireSession();
    Authenticator byKey = limited.apply(cookie.keys());
    return request -> {
      if (!SameOrigin.isClaimedBy(request)) {
        return refusals.foreign();
      }
      String key = request.json(Login.class).key();
      if (key == null) {
        return Problem.of(400, "key must be there").toResponse();
      }
      return answered(
          byKey,
          Credentials.apiKey(key),
          request,
          who ->
              cookie.set(
                  request,
                  Response.json(description(who.principal())),
                  cookie.issuer().issue(who)));
    };
  }

  private record Login(@Nullable String key) {
    @Override
    public String toString() {
      return "login";
    }
  }

  /**
   * {@code POST} from a page of our own: takes the session's cookie away. To be mounted as {@link
   * Need#open}.
   *
   * @throws IllegalStateException if there is no {@link Builder#session}
   */
  public HttpEndpoint logout() {
    SessionCookie cookie = requireSession();
    return request ->
        SameOrigin.isClaimedBy(request)
            ? cookie.removed(request, Response.status(204))
            : refusals.foreign();
  }

  private SessionCookie requireSession() {
    return session.orElseThrow(
        () -> new IllegalStateException("there are no sessions; build the access with session(…)"));
  }

  private Response answered(
      Authenticator whom,
      Credentials credentials,
      Request request,
      Function<Authenticated, Response> answer) {
    return switch (doorkeeper.ask(whom, credentials, request)) {
      case Doorkeeper.Finding.Answer refusal -> refusal.response();
      case Doorkeeper.Finding.Caller caller -> answer.apply(caller.who());
    };
  }

  private static Map<String, Object> description(Principal principal) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", principal.id());
    answer.put("roles", principal.roles());
    principal.tenant().ifPresent(tenant -> answer.put("tenant", tenant));
    return answer;
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private static final Pattern REALM = Pattern.compile("[A-Za-z0-9 ._-]{1,64}");

    private final Authenticator authenticator;
    private final Set<String> given = new HashSet<>();
    private Optional<SessionCookie> session = Optional.empty();
    private Optional<Cors> cors = Optional.empty();
    private AttemptLimit limit = AttemptLimit.standard();
    private String realm = "platform";
    private MeterRegistry registry = new CompositeMeterRegistry();
    private ErrorHandler errors = ErrorHandler.logging();

    private Builder(Authenticator authenticator) {
      this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    }

    /** Lets browsers log in. Default: they do not. */
    public Builder session(SessionCookie session) {
      Given.once(given, "session");
      this.session = Optional.of(session);
      return this;
    }

    /** Lets pages of other origins call. Default: none. */
    public Builder cors(Cors cors) {
      Given.once(given, "cors");
      this.cors = Optional.of(cors);
      return this;
    }

    /** How much an address may get wrong. Default: {@link AttemptLimit#standard}. */
    public Builder limit(AttemptLimit limit) {
      Given.once(given, "limit");
      this.limit = Objects.requireNonNull(limit, "limit");
      return this;
    }

    /** What {@code WWW-Authenticate} names. Default: {@code platform}. */
    public Builder realm(String realm) {
      Given.once(given, "realm");
      this.realm = Objects.requireNonNull(realm, "realm");
      return this;
    }

    /** Where attempts are counted. Default: nowhere. */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.registry = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * Is told what a guarded endpoint or an authenticator threw. Default: {@link
     * ErrorHandler#logging()}.
     */
    public Builder errorHandler(ErrorHandler errors) {
      Given.once(given, "errorHandler");
      this.errors = Objects.requireNonNull(errors, "errors");
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public Access build() {
      List<String> faults = new ArrayList<>();
      boolean named = REALM.matcher(realm).matches();
      Given.require(faults, "realm", realm, named, "1 to 64 letters, digits, spaces and . _ -");
      Given.refuse(faults);
      return new Access(this);
    }
  }
}
