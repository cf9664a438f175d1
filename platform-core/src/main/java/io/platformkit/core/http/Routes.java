package io.platformkit.core.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Endpoints under paths; itself an endpoint, so that routes nest. Immutable and safe for concurrent
 * use.
 *
 * <pre>{@code
 * Routes.builder()
 *     .get("/charts/{name}", charts::one)
 *     .post("/charts", charts::create)
 *     .mount("/assets", StaticFiles.builder("META-INF/assets").build())
 *     .build();
 * }</pre>
 *
 * <p>A path is matched segment by segment from the left: a literal wins over a variable, a variable
 * over a mount's rest. A trailing slash is optional. A path that only a mount covers is the mount's
 * with every method. HEAD is answered by the endpoint of GET, OPTIONS with the methods that there
 * are, an unknown path with 404, a wrong method with 405 and {@code Allow}.
 */
public final class Routes implements HttpEndpoint {
  private final List<Route> routes;

  private Routes(List<Route> routes) {
    this.routes = routes;
  }

  /** Starts without any route. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Response handle(Request request) throws Exception {
    List<Route> onPath = routes.stream().filter(r -> r.path().matches(request.segments())).toList();
    if (onPath.isEmpty()) {
      return Problem.of(404, "nothing is at this path").toResponse();
    }
    if (onPath.getFirst().path().isMount()) {
      return onPath.getFirst().handle(request);
    }
    for (Route route : onPath) {
      if (route.answers(request.method())) {
        return route.handle(request);
      }
    }
    return withoutMethod(request.method(), allowed(onPath));
  }

  private static Response withoutMethod(String method, String allowed) {
    Response answer =
        method.equals("OPTIONS")
            ? Response.status(204)
            : Problem.of(405, "this path answers " + allowed).toResponse();
    return answer.withHeader("Allow", allowed);
  }

  private static String allowed(List<Route> onPath) {
    var methods = new TreeSet<>(List.of("OPTIONS"));
    onPath.stream()
        .filter(route -> !route.path().isMount())
        .map(Route::method)
        .forEach(methods::add);
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return String.join(", ", methods);
  }

  private record Route(String method, PathPattern path, HttpEndpoint endpoint) {
    boolean answers(String asked) {
      return !path.isMount()
          && (method.equals(asked) || (method.equals("GET") && asked.equals("HEAD")));
    }

    Response handle(Request request) throws Exception {
      int skipped = path.isMount() ? path.size() : 0;
      return endpoint.handle(request.matched(skipped, path.variables(request.segments())));
    }

    String key() {
      return method + " " + path.shape();
    }

    @Override
    public String toString() {
      return (method + " " + path).strip();
    }
  }

  /** Collects routes; for one thread. */
  public static final class Builder {
    private final List<Route> routes = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private Builder() {}

    /** As {@link #route} with GET; HEAD is answered too. */
    public Builder get(String path, HttpEndpoint endpoint) {
      return route("GET", path, endpoint);
    }

    /** As {@link #route} with POST. */
    public Builder post(String path, HttpEndpoint endpoint) {
      return route("POST", path, endpoint);
    }

    /** As {@link #route} with PUT. */
    public Builder put(String path, HttpEndpoint endpoint) {
      return route("PUT", path, endpoint);
    }

    /** As {@link #route} with DELETE. */
    public Builder delete(String path, HttpEndpoint endpoint) {
      return route("DELETE", path, endpoint);
    }

    /**
     * Puts an endpoint under a path.
     *
     * @param path literal segments, not encoded, and variables: {@code "/charts/{name}"}; a
     *     variable stands for one segment
     */
    public Builder route(String method, String path, HttpEndpoint endpoint) {
      return add(Syntax.requireToken("method", method), path, endpoint, false);
    }

    /**
     * Puts an endpoint under every path that starts with a prefix; the endpoint sees the rest as
     * its {@link Request#path() path}.
     *
     * @param prefix as a route's path; {@code "/"} covers whatever no route does
     */
    public Builder mount(String prefix, HttpEndpoint endpoint) {
      return add("", prefix, endpoint, true);
    }

    private Builder add(String method, String path, HttpEndpoint endpoint, boolean mount) {
      try {
        routes.add(new Route(method, PathPattern.of(path, mount), endpoint));
      } catch (IllegalArgumentException e) {
        faults.add(e.getMessage());
      }
      return this;
    }

    /**
     * Checks all routes.
     *
     * @throws IllegalArgumentException if a path is malformed or two routes answer the same; the
     *     message has all such faults
     */
    public Routes build() {
      List<String> all = new ArrayList<>(faults);
      Map<String, Route> seen = new TreeMap<>();
      for (Route route : routes) {
        Route other = seen.putIfAbsent(route.key(), route);
        if (other != null) {
          all.add("route '%s' answers the same as '%s'".formatted(route, other));
        }
      }
      if (!all.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", all));
      }
      return new Routes(
          routes.stream()
              .sorted(Comparator.comparing(Route::path, PathPattern::bySpecificity))
              .toList());
    }
  }
}
