package io.platformkit.examples.opsconsole;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a process of its own. */
class OpsConsoleJarIT {
  private static final Path JAR = Path.of("target", "ops-console.jar");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern URL = Pattern.compile("Operations console: (http://\\S+)");
  private static final int SIGTERM_EXIT = 143;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatStillRuns() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
  void itSaysWhereItIsAnswersAndEndsWhenTold() throws Exception {
    Process console = start("--port", "0");
    URI url = awaitUrl();

    Map<String, @Nullable Object> health = get(url.resolve("/api/health"));
    assertThat(health).containsEntry("status", "healthy").containsEntry("service", "ops-console");
    await("samples")
        .atMost(PATIENCE)
        .until(
            () -> rawCount(url, "/api/v1/charts/timeseries?metric=cpu.usage&label.core=total") > 3);
    assertThat(output()).contains("Sampling ", "cpu, memory, load, disk", "Press Ctrl-C");

    console.destroy(); // SIGTERM
    assertThat(console.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(console.exitValue()).isEqualTo(SIGTERM_EXIT);
    assertThat(output()).endsWith("Stopped.\n").doesNotContain("Exception", "WARN", "ERROR");
  }

  /** Two consoles after another, the first of them killed in mid-work. */
  @Test
  void aHistoryInAFileSurvivesAKill() throws Exception {
    String file = folder.resolve("console.db").toString();
    Process killed = start("--port", "0", "--history", file);
    URI first = awaitUrl();
    await("samples").atMost(PATIENCE).until(() -> samples(first).size() > 5);
    List<Map<String, @Nullable Object>> before = samples(first);
    killed.destroyForcibly().waitFor();

    Process next = start("--port", "0", "--history", file);
    URI second = awaitUrl();
    await("samples of both")
        .atMost(PATIENCE)
        .until(() -> samples(second).size() > before.size() + 5);

    List<Map<String, @Nullable Object>> after = samples(second);
    assertThat(after).containsAll(before);
    assertThat(after.stream().filter(point -> point.get("value") == null)).hasSize(1);
    assertThat(indexOfGap(after)).isGreaterThanOrEqualTo(before.size());
    next.destroy();
    assertThat(next.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output()).endsWith("Stopped.\n").doesNotContain("Exception", "WARN", "ERROR");
  }

  private static int indexOfGap(List<Map<String, @Nullable Object>> points) {
    return points.stream().map(point -> point.get("value")).toList().indexOf(null);
  }

  @SuppressWarnings("unchecked") // the shape of every answer
  private static List<Map<String, @Nullable Object>> samples(URI url) throws Exception {
    Map<String, @Nullable Object> answer =
        get(url.resolve("/api/v1/charts/timeseries?metric=memory.used"));
    return (List<Map<String, @Nullable Object>>) requireNonNull(answer.get("points"));
  }

  @Test
  void aTakenPortIsOneClearLine() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      Process console = start("--port", port);

      assertThat(console.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(console.exitValue()).isEqualTo(1);
      assertThat(output().lines())
          .singleElement()
          .asString()
          .contains("port " + port + " of 127.0.0.1 is taken", "--port");
    }
  }

  @Test
  void anUnknownFlagIsOneClearLine() throws Exception {
    Process console = start("--prot", "8080");

    assertThat(console.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(console.exitValue()).isEqualTo(1);
    assertThat(output())
        .isEqualTo("console: '--prot' is not an option of the console; see --help\n");
  }

  @Test
  void aHeapThatIsTooSmallForAYearIsSaidBeforeAnythingIsWritten() throws Exception {
    Process console = start(List.of("-Xmx128m"), "--port", "0", "--preload-year");

    assertThat(console.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(console.exitValue()).isEqualTo(1);
    assertThat(output()).contains("needs about 720 MB of heap", "JAVA_OPTS=-Xmx2g").hasLineCount(1);
  }

  @Test
  void helpPrintsTheUsage() throws Exception {
    Process console = start("--help");

    assertThat(console.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(console.exitValue()).isZero();
    assertThat(output()).isEqualTo(ConsoleOptions.USAGE);
  }

  private Process start(String... args) throws IOException {
    return start(List.of(), args);
  }

  private Process start(List<String> jvmOptions, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process process = builder.redirectOutput(log().toFile()).start();
    started.add(process);
    return process;
  }

  private Path log() {
    return folder.resolve("console.log");
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private URI awaitUrl() {
    Matcher matcher =
        await("URL").atMost(PATIENCE).until(() -> URL.matcher(output()), Matcher::find);
    return URI.create(matcher.group(1));
  }

  private static int rawCount(URI url, String path) throws Exception {
    return get(url.resolve(path)).get("raw_count") instanceof Integer count ? count : -1;
  }

  private static Map<String, @Nullable Object> get(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var response = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).isEqualTo(200);
      return Json.standard().decodeObject(response.body());
    }
  }
}
