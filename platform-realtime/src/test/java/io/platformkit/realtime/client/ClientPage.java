package io.platformkit.realtime.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import io.platformkit.core.browser.Browser;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.StaticFiles;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A page in a browser with {@code platform-kit.js}, which keeps what its client tells. */
final class ClientPage {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Json JSON = Json.standard();

  private final Browser browser;

  private ClientPage(Browser browser) {
    this.browser = browser;
  }

  /** What a server mounts at {@code /page}; the page may connect to wherever it likes. */
  static HttpEndpoint files() {
    return StaticFiles.builder("io/platformkit/realtime/client/page")
        .contentSecurityPolicy("")
        .build();
  }

  static ClientPage open(Browser browser, int port) {
    browser.go(URI.create("http://127.0.0.1:" + port + "/page/"));
    ClientPage page = new ClientPage(browser);
    page.awaitTrue("window.ready === true");
    return page;
  }

  /** Connects with options, as JavaScript. */
  ClientPage start(String options) {
    run("start(%s)".formatted(options));
    return this;
  }

  void receive(String topic, String options) {
    run("receive('%s', %s)".formatted(topic, options));
    awaitTrue("'subscribe %s' in seen.results".formatted(topic));
  }

  void run(String script) {
    browser.driver().executeScript(script);
  }

  void awaitState(String state) {
    awaitTrue("client.state === '%s'".formatted(state));
  }

  void awaitTrue(String condition) {
    try {
      await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(browser.evaluate(condition)));
    } catch (ConditionTimeoutException late) {
      String seen = text("JSON.stringify(seen)");
      throw new AssertionError("%s never came; seen: %s".formatted(condition, seen), late);
    }
  }

  long number(String expression) {
    return (long) browser.number(expression);
  }

  String text(String expression) {
    return browser.text(expression);
  }

  /** The payloads that a topic's handler was given. */
  List<Object> payloads(String topic) {
    return list("seen.payloads['%s']".formatted(topic));
  }

  /** An array; as one text, because Selenium gives long lists slowly. */
  List<Object> list(String expression) {
    String text = browser.text("JSON.stringify({ list: %s })".formatted(expression));
    Map<String, @Nullable Object> read = JSON.decodeObject(text.getBytes(UTF_8));
    return List.copyOf((List<?>) Objects.requireNonNull(read.get("list")));
  }
}
