package io.platformkit.examples.quickstart;

import io.platformkit.core.access.Access;
import io.platformkit.core.access.Need;
import io.platformkit.core.health.Health;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Principal;
import io.platformkit.ml.http.ModelAdministration;
import io.platformkit.ml.http.OpenInference;
import io.platformkit.ml.http.PredictionService;
import io.platformkit.ml.http.TensorFlowServing;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.serving.ModelServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Models behind a guard, asked in three protocols. */
public final class ModelsOverHttp {
  private ModelsOverHttp() {}

  /** Asks as somebody who may ask, and tries to change something. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var keys = ApiKeys.builder().build();
    String shop = keys.create(Principal.of("shop", "predict")).secret();
    try (var registry = ModelRegistry.inMemory();
        var models = ModelServer.builder(registry, OnnxLoader.builder().build()).build()) {
      registry.register(
          NewVersion.builder("ranker", "1").schema(schema()).build(),
          ServingAModel.file("ranker.onnx"));
      registry.promote("ranker", "1");
      models.start();
      try (var server = JdkHttpServer.builder(guarded(keys, models)).build()) {
        server.start();
        ask(server.uri().resolve("/predict"), shop, "{\"clicks\": 6}");
        ask(
            server.uri().resolve("/v2/models/ranker/infer"),
            shop,
            """
            {"inputs": [{"name": "features", "shape": [1, 2], "datatype": "FP32", "data": [6, 4]}]}
            """);
        ask(
            server.uri().resolve("/v1/models/ranker:predict"),
            shop,
            "{\"instances\": [[6, 4], [1, 1]]}");
        ask(server.uri().resolve("/api/v1/registry/ranker/rollback"), shop, "{}");
      }
    }
  }

  private static ModelSchema schema() {
    return ModelSchema.regressor(
        "scores", Feature.number("clicks").from(0), Feature.number("rating").otherwise(3));
  }

  private static HttpEndpoint guarded(ApiKeys keys, ModelServer models) {
    // @start region="mounted"
    var health = Health.builder("models").check("models", models.check()).build();
    var routes =
        Routes.builder()
            .get("/health/ready", health.readiness())
            .mount("/v1", TensorFlowServing.of(models))
            .mount("/v2", OpenInference.of(models))
            .mount("/api/v1/registry", ModelAdministration.of(models.registry()))
            .mount("/", PredictionService.of(models, "ranker")) // what POST /predict asks
            .build();
    return Access.builder(keys)
        .build()
        .guard(routes) // every change that is not named here needs the role admin
        .reads("/", Need.known())
        .reads("/health", Need.open())
        .reads("/v2/health", Need.open())
        .changes("/predict", Need.role("predict"))
        .changes("/v1/models", Need.role("predict"))
        .changes("/v2/models", Need.role("predict"))
        .build();
    // @end
  }

  private static void ask(URI uri, String key, String json)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri).header("X-API-Key", key);
      var answer =
          client.send(request.POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
      System.out.println(answer.statusCode() + " " + answer.body());
    }
  }
}
