package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Static files are served the same from every kind of class path. */
abstract class StaticFilesContract {
  private static final Map<String, String> FILES =
      new TreeMap<>(
          Map.of(
              "secret.txt", "secret",
              "page/index.html", "<p>page",
              "page/app.js", "app()",
              "page/lib.js/lib.css", "p{}",
              "page/data.bin", "data",
              "page/a b.svg", "<svg/>"));

  @TempDir Path folder;
  private URLClassLoader loader;

  /** Puts the files where a class loader finds them. */
  abstract URL classPath(Map<String, String> files) throws IOException;

  @BeforeEach
  void openLoader() throws IOException {
    loader = new URLClassLoader(new URL[] {classPath(FILES)}, null);
  }

  @AfterEach
  void closeLoader() throws IOException {
    loader.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8, <p>page",
    "/index.html, text/html; charset=utf-8, <p>page",
    "/app.js, text/javascript; charset=utf-8, app()",
    "/lib.js/lib.css, text/css; charset=utf-8, p{}",
    "/data.bin, application/octet-stream, data",
    "/a%20b.svg, image/svg+xml, <svg/>",
  })
  void aFileIsServedAsItsType(String path, String type, String content) throws Exception {
    Response answer = files().handle(get(path));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).contains(type);
    assertThat(new String(answer.bytes(), UTF_8)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing.js",
        "/lib.js",
        "/lib.js/",
        "/..%2Fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5Csecret.txt",
        "/lib.js%2Flib.css",
        "/%2Fetc%2Fpasswd",
        "/C:%5Cx",
        "/INDEX.HTML",
      })
  void whatIsNoFileBelowTheRootIsUnknown(String path) {
    assertThat(files().handle(get(path)).status()).isEqualTo(404);
  }

  @Test
  void aFileThatTheCallerHasIsNotSentAgain() throws Exception {
    String etag = files().handle(get("/app.js")).header("ETag").orElseThrow();
    for (String known : new String[] {etag, "W/" + etag, "\"x\", " + etag, "*"}) {
      Response answer = files().handle(get("/app.js", known));
      assertThat(answer.status()).isEqualTo(304);
      assertThat(answer.bytes()).isEmpty();
      assertThat(answer.header("ETag")).contains(etag);
    }
    assertThat(files().handle(get("/app.js", "\"x\"")).status()).isEqualTo(200);
  }

  @Test
  void onlyReadingIsAllowed() {
    Request post = Request.builder("POST", URI.create("http://h/app.js")).build();
    assertThat(files().handle(post).header("Allow")).contains("GET, HEAD");
  }

  @Test
  void thePolicyIsSameOriginUnlessTheHostSaysOtherwise() {
    var unsafe = StaticFiles.builder("page").classLoader(loader).contentSecurityPolicy("").build();
    assertThat(files().handle(get("/")).header("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'self';");
    assertThat(unsafe.handle(get("/")).header("Content-Security-Policy")).isEmpty();
  }

  @Test
  void aBrowserAsksEachTimeUnlessTheHostSaysOtherwise() {
    var lasting =
        StaticFiles.builder("page").classLoader(loader).maxAge(Duration.ofDays(1)).build();
    assertThat(files().handle(get("/")).header("Cache-Control")).contains("no-cache");
    assertThat(lasting.handle(get("/")).header("Cache-Control")).contains("public, max-age=86400");
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/console, 308, ./console/",
    "http://h/ops/console?x=1, 308, ./console/?x=1",
    "http://h//evil.example.org, 308, ./evil.example.org/",
    "http://h/console/, 200, ",
  })
  void theRootRedirectsToItsFolder(String url, int status, String location) throws Exception {
    HttpEndpoint mounted = request -> files().handle(request.below(request.path()).orElseThrow());
    Response answer = mounted.handle(Request.builder("GET", URI.create(url)).build());
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Location").orElse(null)).isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/page", "page/", "a//b", "..", "a/../b", "a\\b", "C:x"})
  void aRootThatIsNoFolderIsRefused(String root) {
    assertThatThrownBy(() -> StaticFiles.builder(root).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("root was '" + root + "' but it must be");
  }

  private StaticFiles files() {
    return StaticFiles.builder("page").classLoader(loader).build();
  }

  private static Request get(String path) {
    return Request.builder("GET", URI.create("http://h" + path)).build();
  }

  private static Request get(String path, String known) {
    return Request.builder("GET", URI.create("http://h" + path))
        .header("If-None-Match", known)
        .build();
  }
}
