package io.platformkit.core.http;

import io.platformkit.core.Json;
import io.platformkit.core.identity.Principal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked, whole and decoded: an endpoint needs nothing of the server that received it.
 * Immutable, but for the bytes of {@link #body()}, and safe for concurrent use.
 *
 * <p>Servers and tests make one:
 *
 * <pre>{@code
 * Request.builder("GET", URI.create("http://localhost/things/7?limit=10")).build()
 * }</pre>
 */
public final class Request {
  private static final Json JSON = Json.standard();
  private static final byte[] NO_BODY = {};

  private final String method;
  private final URI url;
  private final InetSocketAddress peer;
  private final Map<String, List<String>> query;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final List<String> segments;
  private final Map<String, String> pathVariables;
  private final @Nullable Principal principal;

  private Request(Builder parts) {
    method = parts.method;
    url = parts.url;
    peer = parts.peer;
    query = Percent.query(parts.url.getRawQuery());
    headers = copy(parts.headers);
    body = parts.body;
    segments = Percent.segments(parts.url.getRawPath());
    pathVariables = Map.of();
    principal = parts.principal;
  }

  private Request(
      Request other,
      List<String> segments,
      Map<String, String> pathVariables,
      @Nullable Principal principal) {
    method = other.method;
    url = other.url;
    peer = other.peer;
    query = other.query;
    headers = other.headers;
    body = other.body;
    this.segments = segments;
    this.pathVariables = pathVariables;
    this.principal = principal;
  }

  /**
   * Starts a request.
   *
   * @param method as it came, case counts: {@code "GET"}
   * @param url absolute; path and query are taken from it
   * @throws IllegalArgumentException if the method is no HTTP token or the URL has no scheme or
   *     host
   */
  public static Builder builder(String method, URI url) {
    return new Builder(method, url);
  }

  /** The method as it came: {@code "GET"}. */
  public String method() {
    return method;
  }

  /**
   * The path below the mount, percent-decoded and normalised: it starts with a slash, has no empty
   * segment, no {@code .} or {@code ..} and no slash at its end. A slash that was encoded in a
   * segment stays {@code %2F}; {@link #segments()} is exact.
   */
  public String path() {
    return Percent.path(segments);
  }

  /** The decoded segments of {@link #path()}; empty for the root. */
  public List<String> segments() {
    return segments;
  }

  /**
   * The absolute URL that the caller used, with the query and every mount's prefix, as it came: not
   * decoded, not normalised. Its host is what the caller claims, never a proof of origin.
   */
  public URI url() {
    return url;
  }

  /** Whom the request came from: the socket's other end, or what a trusted proxy says it was. */
  public InetSocketAddress peer() {
    return peer;
  }

  /** The first value of a query parameter, decoded; a plus is a space. */
  public Optional<String> query(String name) {
    return queryAll(name).stream().findFirst();
  }

  /**
   * All values of a query parameter in their order, whether it was written {@code
   * services=a&services=b} or {@code services[]=a&services[]=b}.
   */
  public List<String> queryAll(String name) {
    List<String> plain = query.getOrDefault(name, List.of());
    List<String> bracketed = query.getOrDefault(name + "[]", List.of());
    if (plain.isEmpty() || bracketed.isEmpty()) {
      return plain.isEmpty() ? bracketed : plain;
    }
    List<String> both = new ArrayList<>(plain);
    both.addAll(bracketed);
    return List.copyOf(both);
  }

  /**
   * A query parameter that is a whole number.
   *
   * @param min smallest value allowed
   * @param max largest value allowed
   * @return empty if the parameter is absent
   * @throws ProblemException 400 if it is no number from min to max
   */
  public OptionalInt queryInt(String name, int min, int max) {
    Optional<String> text = query(name);
    return text.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(Parameters.parseInt(name, text.get(), min, max));
  }

  /**
   * A query parameter that is a moment in ISO 8601 with an offset, {@code 2026-11-21T05:00:00Z},
   * from the year 1 to the year 9999.
   *
   * @return empty if the parameter is absent
   * @throws ProblemException 400 if it is no such moment
   */
  public Optional<Instant> queryInstant(String name) {
    return query(name).map(text -> Parameters.parseInstant(name, text));
  }

  /**
   * A query parameter that is a length of time: ISO 8601, {@code PT15M}, or a number with {@code
   * ms}, {@code s}, {@code m}, {@code h} or {@code d}: {@code 15m}.
   *
   * @param min shortest length allowed
   * @param max longest length allowed
   * @return empty if the parameter is absent
   * @throws ProblemException 400 if it is no length of time from min to max
   */
  public Optional<Duration> queryDuration(String name, Duration min, Duration max) {
    return query(name).map(text -> Parameters.parseDuration(name, text, min, max));
  }

  /**
   * A query parameter that is one of an enum's names, in any case, with hyphens or underscores.
   *
   * @return empty if the parameter is absent
   * @throws ProblemException 400 if it is none of the names; the problem lists them
   */
  public <E extends Enum<E>> Optional<E> queryEnum(String name, Class<E> type) {
    return query(name).map(text -> Parameters.parseEnum(name, text, type));
  }

  /** The first value of a header; its name is matched without regard to case. */
  public Optional<String> header(String name) {
    return headers(name).stream().findFirst();
  }

  /** All values of a header, one for each line it came on; a comma separates nothing here. */
  public List<String> headers(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** All headers; the map ignores case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /**
   * The body, byte for byte as it came, so that signatures can be checked; empty if there is none.
   * The server has bounded its size. Not a copy: leave it as it is.
   */
  public byte[] body() {
    return body;
  }

  /**
   * The body read as {@link Json#standard() standard} JSON.
   *
   * @throws io.platformkit.core.MalformedJsonException if it is not; left uncaught, the caller gets
   *     400
   */
  public <T> T json(Class<T> type) {
    return JSON.decode(body, type);
  }

  /**
   * What stood in the path where the route has {@code {name}}; decoded, never empty.
   *
   * @throws IllegalArgumentException if the route has no such variable
   */
  public String pathVariable(String name) {
    String value = pathVariables.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "path variable was '%s' but the route has %s".formatted(name, pathVariables.keySet()));
    }
    return value;
  }

  /** As {@link #pathVariable}, for a handler that stands behind routes with and without it. */
  public Optional<String> findPathVariable(String name) {
    return Optional.ofNullable(pathVariables.get(name));
  }

  /**
   * Who asks, if someone in front of the endpoint has found out: an authenticator that the host
   * mounts there. Servers leave it empty.
   */
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }

  /** This request with its caller known. */
  public Request withPrincipal(Principal principal) {
    return new Request(
        this, segments, pathVariables, Objects.requireNonNull(principal, "principal"));
  }

  /**
   * This request as an endpoint sees it that is mounted at a prefix: {@link #path()} is the rest,
   * everything else stays. Empty if the path is not under the prefix.
   *
   * @param prefix literal segments: {@code "/api/v1"}
   */
  public Optional<Request> below(String prefix) {
    List<String> mount = Percent.segments(prefix);
    boolean under =
        mount.size() <= segments.size() && segments.subList(0, mount.size()).equals(mount);
    return under ? Optional.of(matched(mount.size(), Map.of())) : Optional.empty();
  }

  /**
   * This request with the variables of a path, as a route for it would see it; empty if its path is
   * another one.
   *
   * @param path segments and variables: {@code "/notifications/{user}"}
   */
  public Optional<Request> matching(String path) {
    PathPattern pattern = PathPattern.of(path, false);
    return pattern.matches(segments)
        ? Optional.of(matched(0, pattern.variables(segments)))
        : Optional.empty();
  }

  /** This request, the route's variables known, its path shortened by some segments. */
  Request matched(int skipped, Map<String, String> variables) {
    Map<String, String> all = new TreeMap<>(pathVariables);
    all.putAll(variables);
    return new Request(this, segments.subList(skipped, segments.size()), all, principal);
  }

  /**
   * The origin of {@link #url()} as browsers write it: scheme, host, and port unless it is the
   * scheme's own, in lower case.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6454#section-6.2">RFC 6454, 6.2</a>
   */
  public String origin() {
    String text = (url.getScheme() + "://" + url.getRawAuthority()).toLowerCase(Locale.ROOT);
    String standardPort = url.getScheme().equals("https") ? ":443" : ":80";
    return text.endsWith(standardPort)
        ? text.substring(0, text.length() - standardPort.length())
        : text;
  }

  /** Method and path: what logs may show of a request. */
  @Override
  public String toString() {
    return method + " " + path();
  }

  private static Map<String, List<String>> copy(Map<String, List<String>> headers) {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    return Collections.unmodifiableMap(copy);
  }

  /** Collects the parts of a request; for one thread. */
  public static final class Builder {
    private final String method;
    private final URI url;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private byte[] body = NO_BODY;
    private @Nullable Principal principal;

    private Builder(String method, URI url) {
      this.method = Syntax.requireToken("method", method);
      this.url = url;
      if (url.getRawAuthority() == null || url.getScheme() == null) {
        throw new IllegalArgumentException(
            "url was '%s' but it must have a scheme and a host".formatted(url));
      }
    }

    /** One more header line; call it again for a repeated header. Default: none. */
    public Builder header(String name, String value) {
      headers.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
      return this;
    }

    /** Default: no bytes. Not copied. */
    public Builder body(byte[] body) {
      this.body = Objects.requireNonNull(body, "body");
      return this;
    }

    /** Default: port 0 of the loopback address. */
    public Builder peer(InetSocketAddress peer) {
      this.peer = Objects.requireNonNull(peer, "peer");
      return this;
    }

    /** Default: nobody is known. */
    public Builder principal(Principal principal) {
      this.principal = Objects.requireNonNull(principal, "principal");
      return this;
    }

    /**
     * Decodes path and query.
     *
     * @throws ProblemException 400 if either is badly encoded, has control characters, or climbs
     *     above the root
     */
    public Request build() {
      return new Request(this);
    }
  }
}
