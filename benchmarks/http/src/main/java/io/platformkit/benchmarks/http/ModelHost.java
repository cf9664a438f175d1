package io.platformkit.benchmarks.http;

import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.http.PredictionService;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionCache;
import java.time.Duration;

/** The second process: one server with both sides. It prints its port, and ends with its input. */
final class ModelHost {
  static final String MODEL = "ranker";
  static final String FEATURE = "x";
  static final int WIDTH = 64;

  private static final MlpModel RANKER = MlpModel.of(WIDTH, 128, 64, 1);

  private ModelHost() {}

  /** Serves until its standard input ends. */
  public static void main(String[] args) throws Exception {
    try (ModelRegistry registry = registry();
        PredictionCache cache = PredictionCache.builder().build();
        ModelServer models =
            ModelServer.builder(registry, OnnxLoader.builder().build())
                .cache(cache)
                .timeout(Duration.ofSeconds(30))
                .build();
        PlainService plain = new PlainService(RANKER.fp32());
        JdkHttpServer server =
            JdkHttpServer.builder(
                    Routes.builder()
                        .mount("/ours", PredictionService.of(models, MODEL))
                        .post("/plain", plain)
                        .build())
                .build()) {
      models.start();
      server.start();
      System.out.println(server.port());
      while (System.in.read() >= 0) {
        // until the other process ends
      }
    }
  }

  private static ModelRegistry registry() {
    ModelRegistry registry = ModelRegistry.inMemory();
    registry.register(
        NewVersion.builder(MODEL, "1")
            .schema(ModelSchema.regressor(MlpModel.OUTPUT, Feature.vector(FEATURE, WIDTH)))
            .build(),
        RANKER.fp32());
    registry.promote(MODEL, "1");
    return registry;
  }
}
