package io.platformkit.examples.modelserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The jar as a process of its own, and a client that asks it. */
final class ServerProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Json JSON = Json.builder().maxBytes(16 << 20).build();
  private static final Path JAR = Path.of("target", "model-server.jar");
  private static final Pattern READY =
      Pattern.compile("Model server: (http://\\S+)[\\s\\S]*Press Ctrl-C");

  private final Path log;
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable URI url;

  private ServerProcess(Path log, Process process) {
    this.log = log;
    this.process = process;
  }

  /** What an answer was. */
  record Answer(int status, String text) {
    Map<String, @Nullable Object> json() {
      return JSON.decodeObject(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Starts one on a free port; what it says goes to a file. */
  static ServerProcess start(Path log, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR.toString(), "--port", "0"));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new ServerProcess(log, builder.redirectOutput(log.toFile()).start());
  }

  Process process() {
    return process;
  }

  String output() throws IOException {
    return Files.readString(log);
  }

  /** Where it is, once it says so. */
  URI url() {
    if (url == null) {
      Matcher said = await("URL").atMost(PATIENCE).until(this::saidReady, Matcher::find);
      url = URI.create(said.group(1));
    }
    return url;
  }

  private Matcher saidReady() throws IOException {
    assertThat(process.isAlive()).as(output()).isTrue();
    return READY.matcher(output());
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url().resolve(path)));
  }

  Answer post(String path, Object body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url().resolve(path))
            .POST(BodyPublishers.ofByteArray(JSON.encode(body))));
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }

  /** As a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.close();
  }
}
