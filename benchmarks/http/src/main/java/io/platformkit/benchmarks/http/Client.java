package io.platformkit.benchmarks.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Asks both sides the same. Safe for concurrent use. */
final class Client {
  private static final Pattern PREDICTION = Pattern.compile("\"prediction\":([-0-9.Ee]+)");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI ours;
  private final URI plain;
  private final String features;

  Client(int port, RandomGenerator random) {
    ours = URI.create("http://127.0.0.1:" + port + "/ours/predict/" + ModelHost.MODEL);
    plain = URI.create("http://127.0.0.1:" + port + "/plain");
    features =
        DoubleStream.generate(() -> Math.round(random.nextDouble() * 1e4) / 1e4)
            .limit(ModelHost.WIDTH)
            .mapToObj(Double::toString)
            .collect(Collectors.joining(",", "{\"%s\":[".formatted(ModelHost.FEATURE), "]}"));
  }

  void ours(String user) throws IOException, InterruptedException {
    send(ours, user);
  }

  void plain(String user) throws IOException, InterruptedException {
    send(plain, user);
  }

  /** Checks that both sides answer the same. */
  void requireSame() throws IOException, InterruptedException {
    double our = prediction(send(ours, "u"));
    double other = prediction(send(plain, "u"));
    if (!(Math.abs(our - other) <= 1e-5)) {
      throw new IllegalStateException("ours was %s, plain was %s".formatted(our, other));
    }
  }

  private static double prediction(String answer) {
    Matcher found = PREDICTION.matcher(answer);
    if (!found.find()) {
      throw new IllegalStateException("no prediction in " + answer);
    }
    return Double.parseDouble(found.group(1));
  }

  private String send(URI to, String user) throws IOException, InterruptedException {
    String body = "{\"user_id\":\"%s\",\"features\":%s}".formatted(user, features);
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }
}
