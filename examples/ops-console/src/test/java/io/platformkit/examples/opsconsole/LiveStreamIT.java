package io.platformkit.examples.opsconsole;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import io.platformkit.core.browser.Browser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;

/** The page while the console goes and comes back, and who may watch what is streamed. */
@Timeout(180)
class LiveStreamIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SECRET = Pattern.compile("pk_\\S+");

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void requireBrowser() {
    Browser.requireInstalled();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private OpsConsole start(String... args) {
    OpsConsole console =
        OpsConsole.start(
            ConsoleOptions.parse(args), new PrintStream(said, true, StandardCharsets.UTF_8));
    opened.add(console);
    return console;
  }

  private Browser open(URI page) {
    Browser browser = Browser.open();
    opened.add(browser);
    browser.go(page);
    return browser;
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "sse"})
  void aPageOutlivesItsConsoleAndHasWhateverWasMeasured(String transport) throws Exception {
    String file = folder.resolve("console.db").toString();
    OpsConsole first = start("--port", "0", "--history", file);
    URI url = first.url();
    Browser browser = open(url.resolve("/?transport=" + transport));
    awaitLive(browser, transport);
    browser.evaluate("globalThis.sameDocument = true");
    double begun = browser.number("Chart.getChart('memory-chart').data.datasets[0].data.length");
    awaitTrue(browser, "Chart.getChart('memory-chart').data.datasets[0].data.length > " + begun);

    first.close();
    awaitTrue(browser, "document.querySelector('#connection').dataset.state === 'disconnected'");
    assertThat(browser.text("document.querySelector('#connection-text').textContent"))
        .contains("Disconnected, retrying", "last data");
    long restarted = System.currentTimeMillis();
    start("--port", String.valueOf(url.getPort()), "--history", file);

    awaitLive(browser, transport);
    awaitTrue(browser, "document.querySelector('#outage').hidden");
    await("samples of the second console")
        .atMost(PATIENCE)
        .until(() -> shown(browser).stream().filter(at -> at > restarted).count() > 4);
    List<Long> shown = shown(browser);
    assertThat(browser.text("String(globalThis.sameDocument)")).isEqualTo("true");
    assertThat(stored(url, shown.getFirst(), shown.getLast())).isEqualTo(shown);
  }

  /** The times of the points that the page draws. */
  private static List<Long> shown(Browser browser) {
    String points =
        browser.text(
            "Chart.getChart('memory-chart').data.datasets[0].data.map((p) => p.x).join(',')");
    return Arrays.stream(points.split(",", -1)).map(Long::valueOf).toList();
  }

  /** The times of the points that the console's file has, of the same metric. */
  private List<Long> stored(URI url, long from, long to) throws Exception {
    URI range =
        url.resolve(
            "/api/v1/charts/timeseries?metric=memory.used&from=%d&to=%d".formatted(from, to + 1));
    var answer = Json.standard().decodeObject(get(range).body().getBytes(StandardCharsets.UTF_8));
    List<Long> times = new ArrayList<>();
    for (Object point : (List<?>) requireNonNull(answer.get("points"))) {
      String at = String.valueOf(((Map<?, ?>) point).get("timestamp"));
      times.add(Instant.parse(at).toEpochMilli());
    }
    return times;
  }

  @Test
  void aLoginOpensTheStreamsOfItsOwnPagesAndOfNoOthers() throws Exception {
    OpsConsole console = start("--port", "0", "--keys", folder.resolve("keys.json").toString());
    URI url = console.url();
    assertThat(get(url.resolve("/sse?topics=metrics_update")).statusCode()).isEqualTo(401);
    assertThat(get(url.resolve("/api/v1/streaming/metrics/current")).statusCode()).isEqualTo(401);

    Browser browser = open(url);
    awaitTrue(browser, "location.pathname.endsWith('login.html')");
    browser.driver().findElement(By.id("key")).sendKeys(firstKey());
    browser.driver().findElement(By.cssSelector("#login button")).click();
    awaitLive(browser, "websocket");
    browser.go(url.resolve("/?transport=sse"));
    awaitLive(browser, "sse");

    String cookie =
        "ops-console="
            + requireNonNull(browser.driver().manage().getCookieNamed("ops-console")).getValue();
    HttpRequest foreign =
        HttpRequest.newBuilder(url.resolve("/sse?topics=metrics_update"))
            .header("Cookie", cookie)
            .header("Origin", "https://example.org")
            .build();
    assertThat(http.send(foreign, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
  }

  @Test
  void aPageWhoseLoginEndedWithItsConsoleAsksForItAgain() {
    String keys = folder.resolve("keys.json").toString();
    OpsConsole first = start("--port", "0", "--keys", keys);
    URI url = first.url();
    Browser browser = open(url.resolve("/login.html"));
    browser.driver().findElement(By.id("key")).sendKeys(firstKey());
    browser.driver().findElement(By.cssSelector("#login button")).click();
    awaitLive(browser, "websocket");

    first.close();
    start("--port", String.valueOf(url.getPort()), "--keys", keys);

    awaitTrue(browser, "location.pathname.endsWith('login.html')");
  }

  @Test
  void currentMetricsAreReadingsOfThisMachine() throws Exception {
    URI current = start("--port", "0").url().resolve("/api/v1/streaming/metrics/current");
    await("readings").atMost(PATIENCE).until(() -> get(current).body().contains("disk_percent"));

    Map<String, @Nullable Object> readings =
        Json.standard().decodeObject(get(current).body().getBytes(StandardCharsets.UTF_8));
    for (String percent : List.of("cpu_percent", "memory_percent", "disk_percent")) {
      assertThat(((Number) requireNonNull(readings.get(percent))).doubleValue())
          .as(percent)
          .isBetween(0.0, 100.0);
    }
    assertThat(readings).containsKeys("load_1m", "timestamp");
  }

  private String firstKey() {
    Matcher secret = SECRET.matcher(said.toString(StandardCharsets.UTF_8));
    assertThat(secret.find()).isTrue();
    return secret.group();
  }

  private HttpResponse<String> get(URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static void awaitLive(Browser browser, String transport) {
    awaitTrue(
        browser,
        "document.querySelector('#connection')?.dataset.state === 'live'"
            + " && document.querySelector('#connection').dataset.transport === '%s'"
                .formatted(transport));
  }

  private static void awaitTrue(Browser browser, String condition) {
    await(condition)
        .atMost(PATIENCE)
        .until(() -> browser.number("(" + condition + ") ? 1 : 0") == 1);
  }
}
