package io.platformkit.core.access;

import io.platformkit.core.Given;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.jwt.IssuedToken;
import io.platformkit.core.jwt.TokenIssuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A browser's session: a signed token in a cookie that scripts cannot read and other sites cannot
 * send ({@code HttpOnly; SameSite=Strict}). Nothing is kept of it here, so a session ends with its
 * token: {@link Access#logout} takes the cookie away, and a copy of it would live on until then.
 * Cookies know no ports: two applications on one host need two names.
 */
public final class SessionCookie {
  private static final String SCHEME = "session-cookie";

  private final ApiKeys keys;
  private final TokenIssuer issuer;
  private final Authenticator authenticator;
  private final String name;
  private final String path;
  private final boolean alwaysSecure;

  private SessionCookie(Builder options) {
    keys = options.keys;
    issuer = options.issuer;
    authenticator = issuer.authenticator();
    name = options.name;
    path = options.path;
    alwaysSecure = options.alwaysSecure;
  }

  /**
   * Starts with all defaults.
   *
   * @param keys what a browser logs in with
   * @param issuer its audience is for sessions alone, its lifetime that of a session
   */
  public static Builder builder(ApiKeys keys, TokenIssuer issuer) {
    return new Builder(keys, issuer);
  }

  ApiKeys keys() {
    return keys;
  }

  TokenIssuer issuer() {
    return issuer;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  /** The tokens that a request carries: more than one if somebody has put another one beside it. */
  List<String> in(Request request) {
    String start = name + "=";
    return request.headers("Cookie").stream()
        .flatMap(line -> Stream.of(line.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(start))
        .map(pair -> pair.substring(start.length()))
        .toList();
  }

  /** The one token that a request carries, as no head is likely to: in a scheme of its own. */
  Optional<Credentials> credentials(Request request) {
    List<String> tokens = in(request);
    return tokens.size() == 1
        ? Optional.of(new Credentials(SCHEME, tokens.getFirst()))
        : Optional.empty();
  }

  /** Knows what {@link #credentials} finds, and nothing else. */
  Authenticator ofCookies() {
    return (shown, peer) ->
        shown.scheme().equals(SCHEME)
            ? authenticator.authenticate(Credentials.bearer(shown.secret()), peer)
            : new Authentication.Absent();
  }

  Response set(Request request, Response answer, IssuedToken token) {
    Duration left = Duration.between(issuer.clock().instant(), token.expiresAt());
    return with(request, answer, token.text(), Math.max(0, left.toSeconds()));
  }

  Response removed(Request request, Response answer) {
    return with(request, answer, "", 0);
  }

  private Response with(Request request, Response answer, String value, long seconds) {
    boolean secure = alwaysSecure || request.url().getScheme().equals("https");
    String cookie =
        "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Strict%s"
            .formatted(name, value, path, seconds, secure ? "; Secure" : "");
    return answer.withHeader("Set-Cookie", cookie).withHeader("Cache-Control", "no-store");
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./-]{0,255}");

    private final ApiKeys keys;
    private final TokenIssuer issuer;
    private final Set<String> given = new HashSet<>();
    private String name = "platform-session";
    private String path = "/";
    private boolean alwaysSecure;

    private Builder(ApiKeys keys, TokenIssuer issuer) {
      this.keys = Objects.requireNonNull(keys, "keys");
      this.issuer = Objects.requireNonNull(issuer, "issuer");
    }

    /** The cookie's name, letters, digits, hyphens. Default: {@code platform-session}. */
    public Builder name(String name) {
      Given.once(given, "name");
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Below which path browsers send it. Default: {@code /}. */
    public Builder path(String path) {
      Given.once(given, "path");
      this.path = Objects.requireNonNull(path, "path");
      return this;
    }

    /** Only over TLS, whatever the request came over. Default: if the request's URL is https. */
    public Builder alwaysSecure() {
      Given.once(given, "alwaysSecure");
      alwaysSecure = true;
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public SessionCookie build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "name", name, NAME.matcher(name).matches(), "letters, digits, hyphens");
      Given.require(faults, "path", path, PATH.matcher(path).matches(), "a plain path");
      Given.refuse(faults);
      return new SessionCookie(this);
    }
  }
}
