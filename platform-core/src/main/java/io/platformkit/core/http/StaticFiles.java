package io.platformkit.core.http;

import io.platformkit.core.Given;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files from the class path: a page and its assets, or a webjar. Answers GET and HEAD; a file that
 * the caller already has is 304. The root is its {@code index.html}; called without a slash at its
 * end it redirects, so that the page's relative links work under any prefix. Safe for concurrent
 * use; files that were asked for are kept in memory.
 *
 * <pre>{@code
 * Routes.builder().mount("/console", StaticFiles.builder("META-INF/console").build())
 * }</pre>
 */
public final class StaticFiles implements HttpEndpoint {
  private static final String INDEX = "index.html";
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("csv", "text/csv; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("xml", "application/xml"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("otf", "font/otf"));

  private final String root;
  private final ClassLoader loader;
  private final String contentSecurityPolicy;
  private final String cacheControl;
  private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

  private StaticFiles(Builder options) {
    root = options.root;
    loader = options.loader == null ? contextLoader() : options.loader;
    contentSecurityPolicy = options.contentSecurityPolicy;
    cacheControl =
        options.maxAge.isZero() ? "no-cache" : "public, max-age=" + options.maxAge.toSeconds();
  }

  private static ClassLoader contextLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? ClassLoader.getSystemClassLoader() : context;
  }

  /**
   * Starts with a root on the class path.
   *
   * @param root a folder, not the class path's own root: {@code "META-INF/resources/webjars"}
   */
  public static Builder builder(String root) {
    return new Builder(root);
  }

  @Override
  public Response handle(Request request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Problem.of(405, "files answer GET and HEAD")
          .toResponse()
          .withHeader("Allow", "GET, HEAD");
    }
    if (request.segments().isEmpty()) {
      return root(request);
    }
    return name(request.segments())
        .flatMap(this::file)
        .map(f -> f.answer(request))
        .orElseGet(this::unknown);
  }

  private Response unknown() {
    return Problem.of(404, "no file is at this path").toResponse();
  }

  private Response root(Request request) {
    String path = request.url().getRawPath();
    if (path.isEmpty() || path.endsWith("/")) {
      return file(INDEX).map(file -> file.answer(request)).orElseGet(this::unknown);
    }
    String query = request.url().getRawQuery();
    String folder = "./" + path.substring(path.lastIndexOf('/') + 1) + "/";
    return Response.status(308)
        .withHeader("Location", query == null ? folder : folder + "?" + query);
  }

  /** The name below the root; empty for a segment that a class loader would read as a path. */
  private static Optional<String> name(List<String> segments) {
    boolean plain =
        segments.stream().allMatch(s -> s.chars().noneMatch(c -> "/\\:".indexOf(c) >= 0));
    return plain ? Optional.of(String.join("/", segments)) : Optional.empty();
  }

  private Optional<StaticFile> file(String name) {
    StaticFile known = files.get(name);
    return known != null ? Optional.of(known) : load(name);
  }

  /** Twice at the same time does no harm; what is not there is not remembered. */
  private Optional<StaticFile> load(String name) {
    URL url = loader.getResource(root + "/" + name);
    if (url == null) {
      return Optional.empty();
    }
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false);
      return isFolder(url, connection) ? Optional.empty() : Optional.of(keep(name, connection));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + url, e);
    }
  }

  private static boolean isFolder(URL url, URLConnection connection) throws IOException {
    if (url.getProtocol().equals("file")) {
      return !Files.isRegularFile(path(url));
    }
    return connection instanceof JarURLConnection jar && jar.getJarEntry().isDirectory();
  }

  private static Path path(URL url) throws IOException {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private StaticFile keep(String name, URLConnection connection) throws IOException {
    try (InputStream in = connection.getInputStream()) {
      StaticFile file = new StaticFile(answer(name, in.readAllBytes()));
      files.put(name, file);
      return file;
    }
  }

  private Response answer(String name, byte[] bytes) {
    Response answer =
        Response.ok(bytes, contentType(name))
            .withHeader("ETag", etag(bytes))
            .withHeader("Cache-Control", cacheControl);
    return contentSecurityPolicy.isEmpty()
        ? answer
        : answer.withHeader("Content-Security-Policy", contentSecurityPolicy);
  }

  private static String contentType(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(extension, "application/octet-stream");
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** One file, ready to send. */
  private record StaticFile(Response whole) {
    Response answer(Request request) {
      return isKnown(request) ? unchanged() : whole;
    }

    /** Compares weakly, as If-None-Match has it (RFC 9110, 13.1.2). */
    private boolean isKnown(Request request) {
      String etag = whole.header("ETag").orElseThrow();
      return request.headers("If-None-Match").stream()
          .flatMap(line -> List.of(line.split(",")).stream())
          .map(known -> known.strip().replaceFirst("^W/", ""))
          .anyMatch(known -> known.equals(etag) || known.equals("*"));
    }

    private Response unchanged() {
      Response answer = Response.status(304);
      for (String name : List.of("ETag", "Cache-Control", "Content-Security-Policy")) {
        answer = answer.withHeader(name, whole.header(name).stream().toArray(String[]::new));
      }
      return answer;
    }
  }

  /** Collects options; for one thread. */
  public static final class Builder {
    /** The default policy: everything from the own origin, no frames around it. */
    public static final String SAME_ORIGIN =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
            + " object-src 'none'";

    private static final Pattern ROOT =
        Pattern.compile("(?!\\.\\.?(/|$))[^/\\\\:]+(/(?!\\.\\.?(/|$))[^/\\\\:]+)*");

    private final String root;
    private @Nullable ClassLoader loader;
    private String contentSecurityPolicy = SAME_ORIGIN;
    private Duration maxAge = Duration.ZERO;
    private final Set<String> given = new HashSet<>();

    private Builder(String root) {
      this.root = Objects.requireNonNull(root, "root");
    }

    /** Where the files are. Default: the building thread's context class loader. */
    public Builder classLoader(ClassLoader loader) {
      Given.once(given, "classLoader");
      this.loader = Objects.requireNonNull(loader, "loader");
      return this;
    }

    /** The {@code Content-Security-Policy}; empty for none. Default: {@value #SAME_ORIGIN}. */
    public Builder contentSecurityPolicy(String policy) {
      Given.once(given, "contentSecurityPolicy");
      contentSecurityPolicy = Syntax.requireValue("Content-Security-Policy", policy);
      return this;
    }

    /**
     * How long a browser may use a file without asking again; for files whose name changes with
     * their content. Default: zero, it asks each time and gets 304.
     */
    public Builder maxAge(Duration maxAge) {
      Given.once(given, "maxAge");
      this.maxAge = Objects.requireNonNull(maxAge, "maxAge");
      return this;
    }

    /**
     * Checks everything; reads nothing.
     *
     * @throws IllegalArgumentException if the root is no relative path of plain segments, or the
     *     maximum age is negative; the message has all faults
     */
    public StaticFiles build() {
      List<String> faults = new ArrayList<>();
      Given.require(
          faults,
          "root",
          root,
          ROOT.matcher(root).matches(),
          "segments with slashes between: 'META-INF/page'");
      Given.require(faults, "maxAge", maxAge, !maxAge.isNegative(), "zero or more");
      Given.refuse(faults);
      return new StaticFiles(this);
    }
  }
}
