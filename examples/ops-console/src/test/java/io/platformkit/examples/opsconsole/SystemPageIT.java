package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.CloseOrder;
import io.platformkit.core.browser.Browser;
import io.platformkit.core.redis.RedisServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;

/** The console behind a login, with a Redis beside it: who may see what, and what it shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SystemPageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern SECRET = Pattern.compile("pk_\\S+");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private @Nullable RedisServerProcess redis;
  private @Nullable OpsConsole console;
  private String admin = "";
  private String viewer = "";
  private String stranger = "";

  @BeforeAll
  void openConsole(@TempDir Path folder) throws Exception {
    redis = RedisServerProcess.start();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    console =
        OpsConsole.start(
            ConsoleOptions.parse(
                "--port",
                "0",
                "--keys",
                folder.resolve("keys.json").toString(),
                "--redis",
                "redis://127.0.0.1:" + redis.port()),
            out);
    admin = secretIn(said.toString(StandardCharsets.UTF_8));
    viewer = newKey("viewer");
    stranger = newKey("stranger");
  }

  @AfterAll
  void closeBoth() {
    CloseOrder order = CloseOrder.within(PATIENCE);
    if (console != null) {
      order.then("console", console);
    }
    if (redis != null) {
      order.then("redis", redis);
    }
    order.run();
  }

  private static String secretIn(String text) {
    Matcher secret = SECRET.matcher(text);
    assertThat(secret.find()).as("a key in '%s'", text).isTrue();
    return secret.group().replaceAll("\".*", "");
  }

  private String newKey(String role) throws Exception {
    String body = "{\"owner\":\"%s\",\"roles\":[\"%s\"]}".formatted(role + "-1", role);
    HttpRequest request =
        request("/api/v1/keys", admin)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return secretIn(http.send(request, BodyHandlers.ofString()).body());
  }

  private HttpRequest.Builder request(String path, String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url().resolve(path));
    return key.isEmpty() ? request : request.header("X-API-Key", key);
  }

  private int status(String method, String path, String key) throws Exception {
    HttpRequest request = request(path, key).method(method, BodyPublishers.noBody()).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private URI url() {
    if (console == null) {
      throw new IllegalStateException("not started");
    }
    return console.url();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 200, 200, 200, 200",
    "GET, /login.html, 200, 200, 200, 200",
    "GET, /system.html, 200, 200, 200, 200",
    "GET, /vendor/chart.js/chart.umd.min.js, 200, 200, 200, 200",
    "GET, /health/live, 200, 200, 200, 200",
    "GET, /health/ready, 200, 200, 200, 200",
    "GET, /metrics, 401, 403, 200, 200",
    "GET, /api/health, 401, 403, 200, 200",
    "GET, /api/v1/metrics, 401, 403, 200, 200",
    "GET, /api/v1/system, 401, 403, 200, 200",
    "GET, /api/v1/charts/timeseries?metric=load.1m&preset=5m, 401, 403, 200, 200",
    "GET, /api/v1/charts/multi-series?metrics=cpu.usage&preset=5m, 401, 403, 200, 200",
    "GET, /api/v1/performance/cache, 401, 403, 200, 200",
    "GET, /api/v1/performance/stats, 401, 403, 200, 200",
    "GET, /api/v1/performance/prometheus, 401, 403, 200, 200",
    "GET, /api/v1/streaming/metrics/current, 401, 403, 200, 200",
    "GET, /api/v1/connections/stats, 401, 403, 200, 200",
    "GET, /api/v1/connections/list, 401, 403, 200, 200",
    "GET, /api/v1/connections/rooms/lobby/history, 401, 403, 200, 200",
    "POST, /api/v1/connections/login, 401, 200, 200, 200",
    "POST, /api/v1/events/publish, 401, 403, 403, 400",
    "POST, /messages, 401, 403, 400, 400",
    "GET, /api/v1/session, 401, 200, 200, 200",
    "GET, /api/v1/keys, 401, 403, 403, 200",
    "POST, /api/v1/keys, 401, 403, 403, 400",
    "DELETE, /api/v1/keys/none, 401, 403, 403, 404",
    "POST, /api/v1/charts/timeseries, 401, 403, 403, 405",
    "POST, /api/v1/session/login, 403, 403, 403, 403",
    "POST, /api/v1/session/logout, 403, 403, 403, 403"
  })
  void eachEndpointNeedsItsRole(
      String method, String path, int nobody, int wrong, int viewing, int administering)
      throws Exception {
    assertThat(status(method, path, "")).as("nobody").isEqualTo(nobody);
    assertThat(status(method, path, stranger)).as("a stranger").isEqualTo(wrong);
    assertThat(status(method, path, viewer)).as("a viewer").isEqualTo(viewing);
    assertThat(status(method, path, admin)).as("an administrator").isEqualTo(administering);
  }

  @Test
  void aReaderLogsInSeesTheCacheFillAndACheckTurnRedAndGreen() {
    Browser.requireInstalled();
    try (Browser browser = Browser.open()) {
      browser.go(url().resolve("/system.html"));
      awaitTrue(browser, "location.pathname.endsWith('login.html')");
      logIn(browser, "pk_wrong");
      awaitTrue(browser, "!document.querySelector('#login-error').hidden");
      logIn(browser, viewer);
      awaitTrue(browser, "location.pathname.endsWith('system.html')");
      awaitCheck(browser, "redis", "healthy");
      awaitCheck(browser, "metric-store", "healthy");
      assertThat(browser.text("document.querySelector('#jvm').textContent"))
          .contains(Runtime.version().toString());

      double before = counted(browser);
      browser.go(url());
      awaitTrue(browser, "document.querySelector('#fact-raw').textContent !== '–'");
      for (int i = 0; i < 3; i++) {
        browser.driver().findElement(By.id("history-frame")).sendKeys("+");
        browser.driver().findElement(By.id("history-frame")).sendKeys("-");
      }
      browser.go(url().resolve("/system.html"));
      awaitTrue(browser, "document.querySelector('#tier-l1') !== null");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(counted(browser)).isGreaterThan(before));

      server().kill();
      awaitCheck(browser, "redis", "unhealthy");
      awaitTrue(browser, "document.querySelector('#overall').dataset.status === 'degraded'");
      browser.screenshot(Path.of("target", "screenshots", "ops-console-system.png"));
      server().boot();
      awaitCheck(browser, "redis", "healthy");

      browser.driver().findElement(By.id("logout")).click();
      awaitTrue(browser, "location.pathname.endsWith('login.html')");
      browser.go(url());
      awaitTrue(browser, "location.pathname.endsWith('login.html')");
    }
  }

  private RedisServerProcess server() {
    if (redis == null) {
      throw new IllegalStateException("not started");
    }
    return redis;
  }

  private static void logIn(Browser browser, String key) {
    browser.driver().findElement(By.id("key")).clear();
    browser.driver().findElement(By.id("key")).sendKeys(key);
    browser.driver().findElement(By.cssSelector("#login button")).click();
  }

  /** How often the cache was asked, as the page shows it. */
  private static double counted(Browser browser) {
    return browser.number(
        "['hits', 'misses'].map((name) => document.querySelector(`#tier-l1 .${name}`))"
            + ".reduce((sum, cell) => sum + Number(cell?.textContent.replace(/\\D/g, '') ?? 0), 0)");
  }

  private static void awaitCheck(Browser browser, String check, String status) {
    awaitTrue(
        browser,
        "document.querySelector('#check-%s')?.dataset.status === '%s'".formatted(check, status));
  }

  private static void awaitTrue(Browser browser, String condition) {
    await(condition)
        .atMost(PATIENCE)
        .until(() -> browser.number("(" + condition + ") ? 1 : 0") == 1);
  }
}
