package io.platformkit.core.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Who called and under which URL: the socket and the Host header, or what a trusted proxy in
 * between adds in {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}.
 */
final class Origin {
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");
  private static final Pattern IP =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|(?=.*:)[0-9A-Fa-f:.]{2,45}");

  private final Predicate<InetAddress> trusted;

  Origin(Predicate<InetAddress> trusted) {
    this.trusted = trusted;
  }

  /** The nearest address that is no trusted proxy; its port is known for a socket alone. */
  InetSocketAddress peer(RequestHead head) {
    InetSocketAddress socket = head.remote();
    if (!trusted.test(socket.getAddress())) {
      return socket;
    }
    for (String hop : list(head, "X-Forwarded-For").reversed()) {
      Optional<InetAddress> address = address(hop);
      if (address.isEmpty() || !trusted.test(address.get())) {
        return address.map(a -> new InetSocketAddress(a, 0)).orElse(socket);
      }
    }
    return socket;
  }

  /**
   * The URL that the caller used.
   *
   * @throws ProblemException 400 if no such URL can be told
   * @throws IllegalArgumentException if the target is no URI
   */
  URI url(RequestHead head) {
    String target = head.target();
    if (target.indexOf('#') >= 0) {
      throw Problem.of(400, "request target must have no fragment").toException();
    }
    boolean proxied = trusted.test(head.remote().getAddress());
    String authority = authority(head, proxied);
    return target.startsWith("/")
        ? URI.create(scheme(head, proxied) + "://" + authority + target)
        : requireHttp(URI.create(target));
  }

  private static String scheme(RequestHead head, boolean proxied) {
    Optional<String> outer = proxied ? last(head, "X-Forwarded-Proto") : Optional.empty();
    return outer.map("https"::equals).orElse(head.secure()) ? "https" : "http";
  }

  private static URI requireHttp(URI absolute) {
    String authority = absolute.getRawAuthority();
    boolean http = "http".equals(absolute.getScheme()) || "https".equals(absolute.getScheme());
    if (!http || authority == null || !AUTHORITY.matcher(authority).matches()) {
      throw Problem.of(400, "request target must be a path or an http URL").toException();
    }
    return absolute;
  }

  private static String authority(RequestHead head, boolean proxied) {
    List<String> hosts = head.headers().getOrDefault("Host", List.of());
    if (hosts.size() > 1 || (hosts.isEmpty() && !head.version().equals("HTTP/1.0"))) {
      throw Problem.of(400, "request must have one Host header").toException();
    }
    String host = hosts.isEmpty() ? local(head) : hosts.getFirst();
    String authority = proxied ? last(head, "X-Forwarded-Host").orElse(host) : host;
    if (!AUTHORITY.matcher(authority).matches()) {
      throw Problem.of(400, "Host must be a name or an address, and a port").toException();
    }
    return authority;
  }

  private static String local(RequestHead head) {
    return literal(head.local().getAddress()) + ":" + head.local().getPort();
  }

  /** An address as it stands in a URL. */
  static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  private static Optional<String> last(RequestHead head, String header) {
    List<String> values = list(head, header);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private static List<String> list(RequestHead head, String header) {
    return head.headers().getOrDefault(header, List.of()).stream()
        .flatMap(line -> List.of(line.split(",", -1)).stream())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Literals only: nothing that a caller sends is looked up in the DNS. */
  private static Optional<InetAddress> address(String text) {
    String bare = text.replaceFirst("^\\[(.*)](:\\d+)?$", "$1");
    String host = bare.replaceFirst("^([\\d.]+):\\d+$", "$1");
    try {
      return IP.matcher(host).matches()
          ? Optional.of(InetAddress.getByName(host))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
