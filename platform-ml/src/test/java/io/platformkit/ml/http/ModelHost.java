package io.platformkit.ml.http;

import io.platformkit.core.Json;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.ml.FunctionRunner;
import io.platformkit.ml.ModelFunction;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.ModelServerBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Models in Java behind a real HTTP server, asked by the JDK's client. {@code churn} reads two
 * features and gives their sum as a probability; {@code echo} gives back what it is given, of every
 * type.
 */
final class ModelHost implements AutoCloseable {
  private static final Json JSON = Json.standard();

  final ModelRegistry registry = ModelRegistry.inMemory();
  final ModelServer models;
  private final JdkHttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  /** What an answer was. */
  record Answer(HttpResponse<byte[]> http) {
    int status() {
      return http.statusCode();
    }

    Map<String, @Nullable Object> json() {
      return JSON.decodeObject(http.body());
    }

    String text() {
      return new String(http.body(), StandardCharsets.UTF_8);
    }
  }

  ModelHost(Function<ModelServer, HttpEndpoint> endpoint) {
    this(endpoint, builder -> builder);
  }

  ModelHost(
      Function<ModelServer, HttpEndpoint> endpoint, UnaryOperator<ModelServerBuilder> options) {
    ModelLoader loader = ModelHost::load;
    registry.register(
        NewVersion.builder("churn", "1")
            .algorithm("sum")
            .metrics(Map.of("auc", 0.9))
            .schema(
                ModelSchema.classifier(
                    "p",
                    Feature.number("age").from(0).to(1),
                    Feature.number("income").otherwise(0)))
            .build(),
        new byte[] {1});
    registry.promote("churn", "1");
    registry.register(NewVersion.builder("echo", "1").build(), new byte[] {1});
    registry.promote("echo", "1");
    models =
        options.apply(ModelServer.builder(registry, loader).timeout(Duration.ofMinutes(1))).build();
    models.start();
    server = JdkHttpServer.builder(endpoint.apply(models)).build();
    server.start();
  }

  private static ModelRunner load(VersionId id, byte[] artifact) {
    return id.model().equals("churn")
        ? FunctionRunner.of(id, churnSignature(), churn())
        : FunctionRunner.of(id, echoSignature(), echo());
  }

  private static ModelSignature churnSignature() {
    return new ModelSignature(
        List.of(TensorSpec.of("x", TensorType.FLOAT32, -1, 2)),
        List.of(TensorSpec.of("p", TensorType.FLOAT32, -1, 2)));
  }

  private static ModelFunction churn() {
    return (inputs, outputs) -> {
      var x = inputs.get("x").floats();
      var p = outputs.get("p").floats();
      for (int row = 0; row < inputs.get("x").rows(); row++) {
        float sum = x.get(2 * row) + x.get(2 * row + 1);
        p.put(2 * row, 1 - sum).put(2 * row + 1, sum);
      }
    };
  }

  private static ModelSignature echoSignature() {
    List<TensorSpec> inputs =
        List.of(TensorType.values()).stream()
            .map(type -> TensorSpec.of("in_" + type, type, -1, 2))
            .toList();
    List<TensorSpec> outputs =
        List.of(TensorType.values()).stream()
            .map(type -> TensorSpec.of("out_" + type, type, -1, 2))
            .toList();
    return new ModelSignature(inputs, outputs);
  }

  private static ModelFunction echo() {
    return (inputs, outputs) -> {
      for (TensorType type : TensorType.values()) {
        var in = inputs.get("in_" + type);
        outputs.get("out_" + type).copyRows(0, in, 0, in.rows());
      }
    };
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url(path)));
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  @Override
  public void close() {
    server.close();
    models.close();
    registry.close();
    client.close();
  }
}
