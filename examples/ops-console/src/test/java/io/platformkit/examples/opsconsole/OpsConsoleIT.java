package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.CloseOrder;
import io.platformkit.core.Json;
import io.platformkit.core.browser.Browser;
import io.platformkit.core.timeseries.SeriesKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.WheelInput;

/** The console as a reader meets it: a real server, a real machine, a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpsConsoleIT {
  private static final int HISTORY = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private @Nullable OpsConsole console;
  private @Nullable Browser browser;

  @BeforeAll
  void openConsoleAndBrowser() {
    Browser.requireInstalled();
    var quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    ConsoleOptions options =
        new ConsoleOptions(
            InetAddress.getLoopbackAddress(),
            0,
            HISTORY,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    console = OpsConsole.start(options, quiet);
    browser = Browser.open();
  }

  @AfterAll
  void closeBoth() {
    CloseOrder order = CloseOrder.within(PATIENCE);
    if (browser != null) {
      order.then("browser", browser);
    }
    if (console != null) {
      order.then("console", console);
    }
    order.run();
  }

  @BeforeEach
  void openPage() {
    browser().prefer("dark");
    browser().go(console().url());
    awaitText("document.querySelector('#connection').dataset.state", "live"::equals);
    awaitNumber(
        "Number(document.querySelector('#fact-raw').textContent.replace(/\\D/g, ''))", HISTORY);
  }

  @Test
  @Order(1)
  void liveChartsFillWithReadingsOfThisMachine() {
    for (String chart : List.of("cpu", "memory", "network", "disk", "load", "jvm")) {
      String points = "Chart.getChart('%s-chart').data.datasets[0].data.length".formatted(chart);
      double before = browser().number(points);
      await(chart + " chart grows")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(browser().number(points)).isGreaterThan(before + 3));
    }

    assertThat(lastOf("cpu")).isBetween(0.0, 100.0);
    assertThat(lastOf("memory")).isGreaterThan(16 << 20);
    assertThat(lastOf("jvm"))
        .isGreaterThan(1 << 20)
        .isLessThan((double) Runtime.getRuntime().maxMemory());
    assertThat(browser().text("document.querySelector('#tile-cpu').textContent"))
        .matches("[\\d.]+ %");
    assertThat(browser().text("document.querySelector('#tile-heap').textContent"))
        .matches("[\\d.,]+ [MG]iB");
    assertThat(browser().text("document.querySelector('#cpu-chart').ariaLabel"))
        .contains("CPU, last five minutes", "All cores");
  }

  @Test
  @Order(2)
  void draggingZoomsAndTheServerIsAskedAnew() {
    double whole = rawCount();
    assertThat(shownCount()).isLessThan(2000);

    WebElement frame = frame();
    new Actions(browser().driver())
        .moveToElement(frame, -100, 0)
        .clickAndHold()
        .moveByOffset(60, 5)
        .moveByOffset(60, 5)
        .release()
        .perform();

    double zoomed = awaitRawCount(count -> count < whole / 4);
    assertThat(zoomed).isGreaterThan(10_000);
    assertThat(chartSpanSeconds()).isCloseTo(zoomed, offset(10.0));
    assertThat(browser().text("document.querySelector('#history-live').textContent"))
        .contains("samples shown as", "query");
    assertThat(browser().text("document.querySelector('#fact-query').textContent")).endsWith(" ms");
    assertThat(browser().text("document.querySelector('#fact-trip').textContent")).endsWith(" ms");
  }

  @Test
  @Order(3)
  void keysZoomPanAndReset() {
    double whole = rawCount();
    frame().sendKeys("+");
    double once = awaitRawCount(count -> count < whole * 0.6);
    frame().sendKeys("+");
    double twice = awaitRawCount(count -> count < once * 0.6);

    double start = chartStart();
    frame().sendKeys(Keys.ARROW_LEFT);
    awaitNumberBelow("Chart.getChart('history-chart').options.scales.x.min", start);
    frame().sendKeys("-");
    awaitRawCount(count -> count > twice * 1.5);

    frame().sendKeys(Keys.HOME);
    awaitRawCount(count -> count == whole);
  }

  @Test
  @Order(4)
  void theWheelZoomsAroundThePointer() {
    double whole = rawCount();

    new Actions(browser().driver())
        .scrollFromOrigin(WheelInput.ScrollOrigin.fromElement(frame()), 0, -400)
        .perform();

    awaitRawCount(count -> count < whole);
  }

  @Test
  @Order(5)
  void deepInEverySampleIsShownAsItIs() {
    for (int i = 0; i < 14 && shownCount() != rawCount(); i++) {
      double before = rawCount();
      frame().sendKeys("+");
      awaitRawCount(count -> count < before);
    }

    assertThat(rawCount()).isEqualTo(shownCount()).isGreaterThan(50);
  }

  @Test
  @Order(6)
  void anotherMetricAndAnAggregationCanBeChosen() {
    browser().choose("history-metric", "memory.used");
    awaitText("Chart.getChart('history-chart').data.datasets[0].label", "memory.used"::equals);
    assertThat(browser().number("Chart.getChart('history-chart').data.datasets[0].data.at(-1).y"))
        .isGreaterThan(16 << 20);

    browser().choose("history-metric", "demo.load");
    awaitRawCount(count -> count == HISTORY);
    browser().choose("history-aggregation", "p95");
    awaitText(
        "document.querySelector('#history-window').textContent", text -> text.contains("p95"));
  }

  @Test
  @Order(7)
  void aGapIsDrawnAsAGap() {
    writeDemoGap();
    browser().driver().navigate().refresh();
    awaitRawCount(count -> count == HISTORY);

    browser().choose("history-metric", "demo.gap");

    awaitText("Chart.getChart('history-chart').data.datasets[0].label", "demo.gap"::equals);
    assertThat(
            browser()
                .text("Chart.getChart('history-chart').data.datasets[0].data.map(p => p.y).join()"))
        .isEqualTo("1,2,,4,5");
    assertThat(
            browser()
                .number(
                    "Chart.getChart('history-chart').getDatasetMeta(0).dataset.segments.length"))
        .as("pieces of the line")
        .isEqualTo(2);
  }

  private void writeDemoGap() {
    long now = System.currentTimeMillis();
    long[] times = {now - 50_000, now - 40_000, now - 30_000, now - 20_000, now - 10_000};
    double[] values = {1, 2, Double.NaN, 4, 5};
    console().store().write(SeriesKey.of("demo.gap"), times, values).join();
  }

  @Test
  @Order(8)
  void anOutageIsShownAndRecoveredFrom() {
    browser().offline(true);
    awaitText(
        "document.querySelector('#connection').textContent",
        text -> text.contains("Disconnected, retrying") && text.contains("last data"));
    assertThat(browser().text("document.querySelector('#outage').hidden")).isEqualTo("false");

    browser().offline(false);
    awaitText("document.querySelector('#connection').dataset.state", "live"::equals);
    assertThat(browser().text("document.querySelector('#outage').hidden")).isEqualTo("true");
    browser().complaints(); // the failed requests of the outage
  }

  @ParameterizedTest
  @ValueSource(strings = {"dark", "light"})
  @Order(9)
  void bothThemesAreFollowedAndPhotographed(String theme) {
    browser().prefer(theme);
    String expected = theme.equals("dark") ? "rgb(17, 18, 23)" : "rgb(243, 244, 246)";
    awaitText("getComputedStyle(document.body).backgroundColor", expected::equals);
    browser().screenshot(SCREENSHOTS.resolve("ops-console-" + theme + ".png"));
  }

  @Test
  @Order(10)
  void aChosenThemeColoursEveryChartAndIsRemembered() {
    browser().choose("history-metric", "memory.used"); // bytes: another chart than before
    awaitText("Chart.getChart('history-chart').data.datasets[0].label", "memory.used"::equals);
    browser().driver().findElement(By.id("theme")).click();
    awaitText("document.documentElement.dataset.theme", "light"::equals);
    assertThat(browser().text("document.querySelector('#theme-text').textContent"))
        .isEqualTo("Dark");
    for (String chart : List.of("cpu-chart", "jvm-chart", "history-chart")) {
      assertThat(
              browser().text("Chart.getChart('%s').options.scales.x.ticks.color".formatted(chart)))
          .as(chart)
          .isEqualTo("#596172");
    }
    browser().driver().navigate().refresh();
    awaitText("document.documentElement.dataset.theme", "light"::equals);
    browser().evaluate("localStorage.clear()");
  }

  @Test
  @Order(11)
  void thePageComplainsOfNothingAndAsksNobodyElse() {
    assertThat(browser().complaints()).isEmpty();

    List<String> requested =
        browser().events().stream()
            .map(event -> Json.standard().decodeObject(event.getBytes(StandardCharsets.UTF_8)))
            .flatMap(event -> requestedUrl(event).stream())
            .filter(url -> !url.matches("(chrome|data):.*")) // of the browser itself
            .toList();
    assertThat(requested)
        .anyMatch(url -> url.endsWith("/vendor/chart.js/chart.umd.min.js"))
        .allSatisfy(url -> assertThat(URI.create(url).getHost()).isEqualTo("127.0.0.1"));
  }

  private static List<String> requestedUrl(Map<String, @Nullable Object> event) {
    if (event.get("message") instanceof Map<?, ?> message
        && "Network.requestWillBeSent".equals(message.get("method"))
        && message.get("params") instanceof Map<?, ?> params
        && params.get("request") instanceof Map<?, ?> request) {
      return List.of(String.valueOf(request.get("url")));
    }
    return List.of();
  }

  private double lastOf(String chart) {
    return browser()
        .number("Chart.getChart('%s-chart').data.datasets[0].data.at(-1).y".formatted(chart));
  }

  private WebElement frame() {
    return browser().driver().findElement(By.id("history-frame"));
  }

  private double rawCount() {
    return browser()
        .number("Number(document.querySelector('#fact-raw').textContent.replace(/\\D/g, ''))");
  }

  private double shownCount() {
    return browser()
        .number("Number(document.querySelector('#fact-shown').textContent.replace(/\\D/g, ''))");
  }

  private double chartStart() {
    return browser().number("Chart.getChart('history-chart').options.scales.x.min");
  }

  private double chartSpanSeconds() {
    return browser()
        .number(
            "(Chart.getChart('history-chart').scales.x.max"
                + " - Chart.getChart('history-chart').scales.x.min) / 1000");
  }

  private double awaitRawCount(Predicate<Double> condition) {
    return await("raw count").atMost(PATIENCE).until(this::rawCount, condition);
  }

  private void awaitText(String expression, Predicate<String> condition) {
    await(expression).atMost(PATIENCE).until(() -> browser().text(expression), condition);
  }

  private void awaitNumber(String expression, double expected) {
    await(expression).atMost(PATIENCE).until(() -> browser().number(expression) == expected);
  }

  private void awaitNumberBelow(String expression, double limit) {
    await(expression).atMost(PATIENCE).until(() -> browser().number(expression) < limit);
  }

  private OpsConsole console() {
    return Objects.requireNonNull(console);
  }

  private Browser browser() {
    return Objects.requireNonNull(browser);
  }
}
