package io.platformkit.examples.modelserver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.platformkit.examples.modelserver.ServerProcess.Answer;
import io.platformkit.ml.onnx.MlpModel;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with it: starts it, tries the three lines, swaps a version, kills it. */
class FolderServerJarIT {
  private static final Map<String, Object> PRODUCTION = Map.of("stage", "production");

  @TempDir Path folder;
  private final List<ServerProcess> started = new ArrayList<>();

  private ServerProcess start(String... more) throws IOException {
    Path log = folder.resolve("server-%d.log".formatted(started.size()));
    String data = folder.resolve("data").toString();
    String[] args =
        Stream.concat(Stream.of("--folder", data), Stream.of(more)).toArray(String[]::new);
    ServerProcess server = ServerProcess.start(log, args);
    started.add(server);
    return server;
  }

  @AfterEach
  void endWhatStillRuns() {
    started.forEach(ServerProcess::close);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the lines are for a POSIX shell")
  void theThreeLinesWorkAsTheyArePrintedAlsoASecondTime() throws Exception {
    requireCurl();
    ServerProcess server = start();
    List<String> lines = printed(server);

    assertThat(lines).hasSize(3);
    assertThat(shell(lines.get(0))).contains("\"probability\":").contains("\"approved\":");
    assertThat(shell(lines.get(1))).contains("\"name\":\"stars\"").contains("\"shape\":[2,1]");
    assertThat(shell(lines.get(2))).contains("\"version\":\"int8\"", "\"to\":\"production\"");

    String back = server.get("/").text().lines().toList().getLast();
    assertThat(back).contains("/ranker/rollback");
    assertThat(shell(back)).contains("\"version\":\"fp32\"", "\"to\":\"production\"");
    assertThat(server.get("/").text().lines()).containsExactlyElementsOf(lines);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the lines are for a POSIX shell")
  void withKeysTheLinesNeedTheKeyThatIsShownOnce() throws Exception {
    requireCurl();
    ServerProcess server = start("--keys", folder.resolve("keys.json").toString());
    List<String> lines = printed(server);
    var key = Pattern.compile("shown this once: (\\S+)").matcher(server.output());
    assertThat(key.find()).isTrue();

    assertThat(shell(lines.getFirst())).contains("\"status\":401");
    for (String line : lines) {
      assertThat(shell("KEY=" + key.group(1) + "; " + line)).doesNotContain("\"status\":4");
    }
    assertThat(server.get("/stats").status()).isEqualTo(401);
    assertThat(server.get("/health/ready").status()).isEqualTo(200);
  }

  private static void requireCurl() {
    boolean found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "curl")));
    assumeTrue(found, "there is no curl on the PATH");
  }

  private static List<String> printed(ServerProcess server) throws IOException {
    assertThat(server.url()).hasScheme("http");
    return server.output().lines().filter(line -> line.startsWith("curl ")).toList();
  }

  private static String shell(String line) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void aVersionThatIsCopiedInIsRegisteredPromotedAndRolledBackAndAllOfItSurvivesAKill()
      throws Exception {
    ServerProcess server = start();
    assertThat(score(server)).isEqualTo("fp32");

    byte[] shifted = MlpModel.of(64, 128, 64, 1).shifted(10).fp32();
    Path place = folder.resolve("data").resolve("models").resolve("ranker");
    Files.write(place.resolve("half.onnx"), Arrays.copyOf(shifted, shifted.length / 2));
    Files.write(place.resolve("shifted.onnx"), shifted);
    await("registered")
        .atMost(ServerProcess.PATIENCE)
        .until(() -> server.output().contains("Registered ranker shifted."));
    assertThat(score(server)).isEqualTo("fp32");
    assertThat(server.output())
        .contains("half.onnx is not registered")
        .doesNotContain("ranker half.");

    assertThat(server.post("/api/v1/registry/ranker/versions/shifted/stage", PRODUCTION).status())
        .isEqualTo(200);
    await("swapped").atMost(ServerProcess.PATIENCE).until(() -> score(server).equals("shifted"));
    server.kill();

    ServerProcess next = start();
    assertThat(score(next)).isEqualTo("shifted");
    assertThat(next.output()).doesNotContain("Training", "Registered", "Promoted");
    assertThat(next.post("/api/v1/registry/ranker/rollback", Map.of()).status()).isEqualTo(200);
    await("swapped back").atMost(ServerProcess.PATIENCE).until(() -> score(next).equals("fp32"));
    next.kill();

    ServerProcess last = start();
    assertThat(score(last)).isEqualTo("fp32");
    assertThat(last.get("/api/v1/registry/ranker/history").text())
        .contains("\"actor\":\"folder\"", "\"actor\":\"operator\"");
  }

  /** The version that answers; the shifted one by its answer too. */
  private static String score(ServerProcess server) throws Exception {
    Map<String, Object> asked = Map.of("features", Map.of("features", Collections.nCopies(64, 0)));
    Answer answer = server.post("/predict/ranker", asked);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    String version = String.valueOf(answer.json().get("model_version"));
    double score = ((Number) requireNonNull(answer.json().get("prediction"))).doubleValue();
    assertThat(score > 5).isEqualTo(version.equals("shifted"));
    return version;
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
  void everyProtocolAnswersAndItEndsWhenTold() throws Exception {
    ServerProcess server = start();
    Map<String, Object> customer = Customer.generate(1, 7).getFirst().features();

    assertThat(
            server.post("/v1/models/churn:predict", Map.of("instances", List.of(customer))).json())
        .containsOnlyKeys("predictions");
    assertThat(server.post("/predict/batch", List.of(customer, Map.of("age", -1))).text())
        .contains("\"probability\":")
        .contains("'age' was '-1' but it must be a finite number from 0.0 to 130.0");
    assertThat(server.post("/load_model/ranker/int8", Map.of()).status()).isEqualTo(200);
    assertThat(server.get("/models").text()).contains("\"auc\":", "\"rmse\":");
    assertThat(server.get("/stats").json()).containsEntry("loaded_models", 4);
    assertThat(server.get("/health/ready").status()).isEqualTo(200);
    assertThat(server.get("/api/health").text()).contains("\"models\"", "4 loaded");
    assertThat(server.get("/metrics").text()).contains("platform_ml_requests_total");

    server.process().destroy(); // SIGTERM
    assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.output())
        .endsWith("Stopped.\n")
        .doesNotContain("Exception", "WARN ", "ERROR");
  }

  @Test
  void aPageOfAnotherSiteCannotCallIt() throws Exception {
    ServerProcess server = start();

    Answer foreign =
        server.send(
            HttpRequest.newBuilder(server.url().resolve("/api/v1/registry/ranker/rollback"))
                .header("Origin", "https://example.org")
                .POST(HttpRequest.BodyPublishers.noBody()));

    assertThat(foreign.status()).isEqualTo(403);
    assertThat(foreign.text()).contains("this machine only");
  }

  @Test
  void beyondThisMachineItNeedsKeys() throws Exception {
    ServerProcess server = start("--bind", "0.0.0.0");

    assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.process().exitValue()).isEqualTo(1);
    assertThat(server.output()).contains("callers need keys: add --keys FILE").hasLineCount(1);
  }
}
