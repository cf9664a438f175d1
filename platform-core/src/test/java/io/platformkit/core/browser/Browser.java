package io.platformkit.core.browser;

import io.platformkit.core.CloseOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The system's Chromium with a fresh profile, driven without a window. Needs selenium-chrome-driver
 * on the class path. For one thread.
 */
public final class Browser implements AutoCloseable {
  private static final List<String> CHROMIUM =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final List<String> DRIVER =
      List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");

  private final Path profile;
  private final ChromeDriver driver;

  private Browser(Path profile, ChromeDriver driver) {
    this.profile = profile;
    this.driver = driver;
  }

  /** Skips a test, saying why, where there is no Chromium or no driver. */
  public static void requireInstalled() {
    Assumptions.assumeTrue(
        isInstalled(),
        "Chromium and chromedriver are not installed; on Debian: apt install chromium chromium-driver");
  }

  /** Whether Chromium and its driver are installed here. */
  public static boolean isInstalled() {
    return first(CHROMIUM).isPresent() && first(DRIVER).isPresent();
  }

  private static Optional<Path> first(List<String> places) {
    return places.stream().map(Path::of).filter(Files::isExecutable).findFirst();
  }

  /** Starts it. */
  public static Browser open() {
    try {
      Path profile = Files.createTempDirectory("platform-kit-browser");
      var service =
          new ChromeDriverService.Builder()
              .usingDriverExecutable(first(DRIVER).orElseThrow().toFile())
              .build();
      return new Browser(profile, new ChromeDriver(service, options(profile)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChromeOptions options(Path profile) {
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    var options = new ChromeOptions();
    options.setBinary(first(CHROMIUM).orElseThrow().toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--window-size=1440,1600",
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  /** What drives it. */
  public ChromeDriver driver() {
    return driver;
  }

  /** Opens a page; waits until it is loaded. */
  public void go(URI url) {
    driver.get(url.toString());
  }

  /** What the system prefers: {@code "dark"} or {@code "light"}. */
  public void prefer(String theme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  /** Cuts the page from every server, or connects it again. */
  public void offline(boolean offline) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** The value of an expression, as text. */
  public String text(String expression) {
    return String.valueOf(evaluate(expression));
  }

  /** The value of an expression; NaN if it is no number. */
  public double number(String expression) {
    return evaluate(expression) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** The value of an expression, with lists and maps for arrays and objects. */
  public @Nullable Object evaluate(String expression) {
    return driver.executeScript("return " + expression);
  }

  /** Picks a value of a select element, as a reader would. */
  public void choose(String id, String value) {
    driver.executeScript(
        """
        const select = document.getElementById(arguments[0]);
        select.value = arguments[1];
        select.dispatchEvent(new Event('change'));
        """,
        id,
        value);
  }

  /** Writes what the page shows as PNG. */
  public void screenshot(Path file) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Map<String, Object> parameters = Map.of("captureBeyondViewport", true, "format", "png");
      Object png = driver.executeCdpCommand("Page.captureScreenshot", parameters).get("data");
      Files.write(file, OutputType.BYTES.convertFromBase64Png(String.valueOf(png)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the console of the page said since the last call, at warning or above. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The events of the network and the page since the last call, as JSON. */
  public List<String> events() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  @Override
  public void close() {
    CloseOrder.within(Duration.ofSeconds(20))
        .then("browser", driver::quit)
        .then("profile", this::deleteProfile)
        .run();
  }

  private void deleteProfile() throws IOException {
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
