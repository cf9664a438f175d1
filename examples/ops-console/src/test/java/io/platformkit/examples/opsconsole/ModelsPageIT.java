package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.platformkit.core.CloseOrder;
import io.platformkit.core.Json;
import io.platformkit.core.access.Guard;
import io.platformkit.core.browser.Browser;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Principal;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;

/** The models of a console behind a login: who may do what, and what the page shows of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelsPageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private String history = "";
  private @Nullable OpsConsole console;
  private @Nullable Browser browser;
  private String admin = "";
  private String viewer = "";
  private String stranger = "";

  @BeforeAll
  void openConsole(@TempDir Path folder) {
    history = folder.resolve("console.db").toString();
    Path file = folder.resolve("keys.json");
    try (ApiKeys keys = ApiKeys.builder(file).build()) {
      admin = keys.create(Principal.of("ann", Guard.ADMIN, ConsoleAccess.VIEWER)).secret();
      viewer = keys.create(Principal.of("vic", ConsoleAccess.VIEWER)).secret();
      stranger = keys.create(Principal.of("sam", "stranger")).secret();
    }
    console = start("--keys", file.toString(), "--history", history);
    if (Browser.isInstalled()) {
      browser = Browser.open();
    }
  }

  private static OpsConsole start(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "--port";
    arguments[1] = "0";
    System.arraycopy(more, 0, arguments, 2, more.length);
    var quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return OpsConsole.start(ConsoleOptions.parse(arguments), quiet);
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

  @Order(1)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /models.html                                     | 200 | 200 | 200 | 200",
        "GET  | /api/v1/serving                                  | 401 | 403 | 200 | 200",
        "GET  | /api/v1/registry                                 | 401 | 403 | 200 | 200",
        "GET  | /api/v1/registry/rent                            | 401 | 403 | 200 | 200",
        "GET  | /api/v1/registry/rent/history                    | 401 | 403 | 200 | 200",
        "GET  | /api/v1/registry/none                            | 401 | 403 | 404 | 404",
        "POST | /api/v1/registry/rent/versions/v3/stage          | 401 | 403 | 403 | 400",
        "POST | /api/v1/registry/none/rollback                   | 401 | 403 | 403 | 404",
        "GET  | /api/v1/ml/models                                | 401 | 403 | 200 | 200",
        "GET  | /api/v1/ml/models/versions                       | 401 | 403 | 200 | 200",
        "GET  | /api/v1/ml/stats                                 | 401 | 403 | 200 | 200",
        "POST | /api/v1/ml/predict                               | 401 | 403 | 400 | 400",
        "POST | /api/v1/ml/predict/batch                         | 401 | 403 | 400 | 400",
        "POST | /api/v1/ml/predict/rent                          | 401 | 403 | 400 | 400",
        "POST | /api/v1/ml/predict/rent/v3                       | 401 | 403 | 400 | 400",
        "POST | /api/v1/ml/load_model/rent/v3                    | 401 | 403 | 403 | 200",
        "GET  | /api/v1/open-inference/v2                        | 401 | 403 | 200 | 200",
        "GET  | /api/v1/open-inference/v2/health/live            | 401 | 403 | 200 | 200",
        "GET  | /api/v1/open-inference/v2/health/ready           | 401 | 403 | 200 | 200",
        "GET  | /api/v1/open-inference/v2/models/rent            | 401 | 403 | 200 | 200",
        "GET  | /api/v1/open-inference/v2/models/rent/ready      | 401 | 403 | 200 | 200",
        "POST | /api/v1/open-inference/v2/models/rent/infer      | 401 | 403 | 400 | 400"
      })
  void eachEndpointNeedsItsRole(
      String method, String path, int nobody, int wrong, int viewing, int administering)
      throws Exception {
    assertThat(status(url(), method, path, "")).as("nobody").isEqualTo(nobody);
    assertThat(status(url(), method, path, stranger)).as("a stranger").isEqualTo(wrong);
    assertThat(status(url(), method, path, viewer)).as("a viewer").isEqualTo(viewing);
    assertThat(status(url(), method, path, admin)).as("an administrator").isEqualTo(administering);
  }

  private int status(URI at, String method, String path, String key) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at.resolve(path)).method(method, BodyPublishers.noBody());
    if (!key.isEmpty()) {
      request.header("X-API-Key", key);
    }
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  @Order(2)
  void withoutALoginAnybodyMayPredictAndNobodyMayChangeStages() throws Exception {
    try (OpsConsole open = start()) {
      assertThat(status(open.url(), "GET", "/api/v1/registry/rent", "")).isEqualTo(200);
      assertThat(status(open.url(), "POST", "/api/v1/ml/predict/rent", "")).isEqualTo(400);
      assertThat(status(open.url(), "POST", "/api/v1/registry/rent/rollback", "")).isEqualTo(401);
    }
  }

  @Test
  @Order(2)
  void withoutALoginThePageSaysWhyThereAreNoMovesAlsoOnANarrowScreen() {
    Dimension before = browser().driver().manage().window().getSize();
    try (OpsConsole open = start()) {
      browser().driver().manage().window().setSize(new Dimension(500, 900));
      browser().go(open.url().resolve("/models.html#rent"));
      awaitStage("v2", "production");
      awaitText("#serving", "rent v2 answers");
      awaitTrue("document.querySelector('#role').textContent.includes('--keys')");
      assertThat(count("#versions button")).isZero();
      browser().screenshot(Path.of("target", "screenshots", "ops-console-models-narrow.png"));
      String beyond = "%s.scrollWidth - %<s.clientWidth".formatted("document.documentElement");
      assertThat(browser().number(beyond)).as("pixels beyond the screen").isZero();
    } finally {
      browser().driver().manage().window().setSize(before);
      browser().go(URI.create("about:blank"));
    }
  }

  @Test
  @Order(3)
  void aViewerSeesVersionsAndFiguresThatGrowButNoMoves() {
    openPage(viewer);
    awaitStage("v1", "retired");
    awaitStage("v2", "production");
    awaitStage("v3", "staged");
    awaitText("#serving", "churn v2 answers");
    assertThat(text("#version-v3")).contains("logistic regression", "error_rate 0.");
    awaitText("#role", "Changes need the role admin");
    assertThat(count("td.moves, #versions button")).isZero();
    assertThat(browser().text("document.querySelector('#rollback').hidden")).isEqualTo("true");

    double before = requests("v2");
    await().atMost(PATIENCE).until(() -> requests("v2") > before);
    for (String chart : List.of("requests", "latency", "batch", "hits")) {
      awaitTrue("Chart.getChart('%s-chart').data.datasets[0]?.data.length > 3".formatted(chart));
    }
    assertThat(browser().text("Chart.getChart('latency-chart').data.datasets[1].label"))
        .isEqualTo("v2 99 %");
  }

  @Test
  @Order(4)
  void aPredictionIsAnsweredOrEachFaultStandsBesideItsField() {
    click("#model-rent");
    awaitTrue("document.querySelector('[name=area_m2]') !== null");
    enter("area_m2", "large");
    browser().choose("feature-2", "west");
    click("#predict button[type=submit]");
    awaitText("#feature-0-fault", "'large': must be a finite number from 10.0 to 300.0");
    assertThat(text("#feature-3-fault")).startsWith("nothing: must be a day");
    assertThat(text("#feature-2-fault")).isEmpty();
    assertThat(text("#answer")).isEmpty();
    assertThat(browser().text("document.activeElement.name")).isEqualTo("area_m2");
    assertThat(browser().text("document.querySelector('[name=area_m2]').ariaInvalid"))
        .isEqualTo("true");

    enter("area_m2", "70");
    browser().evaluate("document.querySelector('[name=built]').value = '1970-01-01'");
    click("#predict button[type=submit]");
    awaitTrue("document.querySelector('#answer').textContent.startsWith('1,120')"); // 120+11*70+230
    assertThat(text("#answer")).contains("v2");
    assertThat(text("#feature-0-fault")).isEmpty();

    browser().choose("predict-version", "v3");
    click("#predict button[type=submit]");
    awaitTrue("document.querySelector('#answer').textContent.includes('v3')");
    awaitTrue("document.querySelector('#figures-v3') !== null");
    assertThat(browser().complaints()).singleElement().asString().contains("400");
  }

  @Test
  @Order(5)
  void anAdministratorPromotesAndRollsBackAndTheHistorySaysWho() {
    logOut();
    openPage(admin);
    click("#version-v3 button[data-to=production]");
    awaitTrue("document.querySelector('#change').open");
    assertThat(text("#change-title")).isEqualTo("Move churn v3 to production?");
    browser().driver().findElement(By.id("reason")).sendKeys("fewer <b>errors</b>");
    browser().screenshot(Path.of("target", "screenshots", "ops-console-models-promote.png"));
    click("#confirm");
    awaitStage("v3", "production");
    awaitStage("v2", "retired");
    awaitText("#serving", "churn v3 answers");
    awaitText(
        "#transitions tr td:nth-child(n + 2)",
        List.of("v3", "staged → production", "ann", "fewer <b>errors</b>"));
    awaitTrue("document.activeElement.closest('tr')?.id === 'version-v3'");
    awaitTrue("document.querySelector('#figures-v3') !== null");
    browser().screenshot(Path.of("target", "screenshots", "ops-console-models.png"));

    click("#rollback");
    click("#confirm");
    awaitStage("v2", "production");
    awaitStage("v3", "staged");
    awaitText("#transitions tr td:nth-child(4)", "ann");
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  @Order(6)
  void aMoveThatAnotherOneOvertookSaysSoAndIsNotMade() throws Exception {
    click("#version-v3 button[data-to=canary]");
    awaitTrue("document.querySelector('#change').open");
    move("v3", "failed");
    click("#confirm");
    awaitTrue("!document.querySelector('#change-error').hidden");
    assertThat(text("#change-error")).contains("Not changed", "FAILED");
    click("#cancel");
    awaitStage("v3", "failed");
    assertThat(count("#version-v3 button")).isZero();
    browser().complaints(); // the refusal
  }

  private void move(String version, String stage) throws Exception {
    URI path = url().resolve("/api/v1/registry/churn/versions/" + version + "/stage");
    byte[] body = Json.standard().encode(Map.of("stage", stage));
    HttpRequest request =
        HttpRequest.newBuilder(path)
            .header("X-API-Key", admin)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  @Order(7)
  @ParameterizedTest
  @ValueSource(strings = {"dark", "light"})
  void bothThemesAreFollowedAndPhotographed(String theme) {
    browser().prefer(theme);
    String expected = theme.equals("dark") ? "rgb(17, 18, 23)" : "rgb(243, 244, 246)";
    awaitTrue("getComputedStyle(document.body).backgroundColor === '" + expected + "'");
    browser().screenshot(Path.of("target", "screenshots", "ops-console-models-" + theme + ".png"));
  }

  @Test
  @Order(8)
  void stagesAndHistorySurviveARestart() throws Exception {
    closeBoth();
    browser = null;
    console = start("--history", history);

    HttpRequest request =
        HttpRequest.newBuilder(url().resolve("/api/v1/registry/churn/history")).build();
    assertThat(http.send(request, BodyHandlers.ofString()).body())
        .contains("\"actor\":\"ann\",\"reason\":\"fewer <b>errors</b>\"");
    HttpRequest versions = HttpRequest.newBuilder(url().resolve("/api/v1/registry/churn")).build();
    assertThat(http.send(versions, BodyHandlers.ofString()).body())
        .contains("\"version\":\"v3\",\"stage\":\"failed\"");
  }

  private void openPage(String key) {
    Browser.requireInstalled();
    browser().go(url().resolve("/models.html"));
    awaitTrue("location.pathname.endsWith('login.html')");
    browser().driver().findElement(By.id("key")).sendKeys(key);
    click("#login button");
    awaitTrue("location.pathname.endsWith('models.html')");
    awaitTrue("document.querySelector('#version-v2') !== null");
    browser().complaints(); // that nobody was logged in
  }

  private void logOut() {
    click("#logout");
    awaitTrue("location.pathname.endsWith('login.html')");
  }

  private void click(String selector) {
    await(selector)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          browser().driver().findElement(By.cssSelector(selector)).click();
          return true;
        });
  }

  private void enter(String feature, String value) {
    var field = browser().driver().findElement(By.name(feature));
    field.clear();
    field.sendKeys(value);
  }

  private String text(String selector) {
    return browser().text("document.querySelector(\"%s\")?.textContent".formatted(selector));
  }

  private double count(String selector) {
    return browser().number("document.querySelectorAll('%s').length".formatted(selector));
  }

  private double requests(String version) {
    return browser()
        .number(
            "Number(document.querySelector('#figures-%s .requests')?.textContent.replace(/\\D/g, '') ?? 0)"
                .formatted(version));
  }

  private void awaitStage(String version, String stage) {
    awaitTrue(
        "document.querySelector('#version-%s')?.dataset.stage === '%s'".formatted(version, stage));
  }

  private void awaitText(String selector, String expected) {
    await(selector).atMost(PATIENCE).until(() -> text(selector), expected::equals);
  }

  private void awaitText(String selector, List<String> expected) {
    String texts =
        "[...document.querySelectorAll('%s')].slice(0, %d).map((cell) => cell.textContent)"
            .formatted(selector, expected.size());
    await(selector).atMost(PATIENCE).until(() -> browser().evaluate(texts), expected::equals);
  }

  private void awaitTrue(String condition) {
    await(condition)
        .atMost(PATIENCE)
        .until(() -> browser().number("(" + condition + ") ? 1 : 0") == 1);
  }

  private URI url() {
    return Objects.requireNonNull(console).url();
  }

  private Browser browser() {
    assumeTrue(browser != null, "there is no browser");
    return Objects.requireNonNull(browser);
  }
}
