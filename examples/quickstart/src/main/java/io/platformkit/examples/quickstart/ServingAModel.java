package io.platformkit.examples.quickstart;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Note;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionCache;
import io.platformkit.ml.serving.PredictionRequest;
import io.platformkit.ml.serving.Served;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A model file is served, another version takes over, and the first one comes back. */
public final class ServingAModel {
  private ServingAModel() {}

  /** Asks the same before and after. */
  public static void main(String[] args) throws IOException, InterruptedException {
    byte[] file = file("ranker.onnx");
    byte[] better = file("ranker-2.onnx");
    // @start region="serve"
    var schema =
        ModelSchema.regressor(
            "scores",
            Feature.number("clicks").from(0),
            Feature.number("rating").from(1).to(5).otherwise(3));

    try (var registry = ModelRegistry.inMemory(); // or on a database
        var server = ModelServer.builder(registry, OnnxLoader.builder().build()).build()) {
      registry.register(NewVersion.builder("ranker", "1").schema(schema).build(), file);
      registry.promote("ranker", "1");
      server.start(); // version 1 is loaded, checked and warmed up

      var request = PredictionRequest.of("ranker", Map.of("clicks", 6, "rating", 4));
      print(server.predict(request)); // 11.0 by version 1

      registry.register(NewVersion.builder("ranker", "2").schema(schema).build(), better);
      registry.promote("ranker", "2", Note.by("ann"));
      await(server, "2"); // requests go on meanwhile, answered by version 1
      print(server.predict(request)); // 14.0 by version 2

      registry.rollback("ranker", Note.by("bob").because("too many clicks"));
      await(server, "1");
      print(server.predict(request)); // 11.0 by version 1
      print(server.predict(PredictionRequest.of("ranker", Map.of("rating", 9))));
    }
    // @end
  }

  static byte[] file(String name) throws IOException {
    try (InputStream file = ServingAModel.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(file).readAllBytes();
    }
  }

  /** A swap takes as long as the new version takes to load. */
  private static void await(ModelServer server, String version) throws InterruptedException {
    while (!server.models().getFirst().version().equals(Optional.of(version))) {
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  private static void print(Served<Prediction> served) {
    // @start region="outcomes"
    String text =
        switch (served) {
          case Served.Done<Prediction> done ->
              done.value().value() + " by version " + done.id().version();
          case Served.Refused<Prediction> refused -> refused.fault().getMessage();
          case Served.NotFound<Prediction> none -> "nothing in production";
          case Served.Overloaded<Prediction> busy -> "too much to do: " + busy.reason();
          case Served.Expired<Prediction> late -> "no turn within " + late.waited();
          case Served.Unavailable<Prediction> away -> "the registry can't be asked";
          case Served.Failed<Prediction> failed -> "logged: " + failed.failure().getMessage();
        };
    // @end
    System.out.println(text);
  }

  /** What a host writes that has much to serve. */
  static ModelServer withOptions(
      ModelRegistry registry, KeyValueStore redis, MeterRegistry meters) {
    // @start region="options"
    var cache = PredictionCache.builder().tier(redis).meterRegistry(meters).build();
    return ModelServer.builder(registry, OnnxLoader.builder().build())
        .models("ranker", "churn") // loaded at the start; others when they are asked for
        .maxModels(20)
        .maxBytes(4L << 30)
        .timeout(Duration.ofMillis(200))
        .batching(batcher -> batcher.maxBatch(256).maxWait(Duration.ofMillis(2)))
        .cache(cache)
        .meterRegistry(meters)
        .build();
    // @end
  }
}
