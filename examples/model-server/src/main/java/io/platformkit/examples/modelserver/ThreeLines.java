package io.platformkit.examples.modelserver;

import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelVersion;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Three things to try, as a shell runs them. */
final class ThreeLines {
  private final URI url;
  private final boolean keys;

  /**
   * For a server.
   *
   * @param keys whether callers need one
   */
  ThreeLines(URI url, boolean keys) {
    this.url = url;
    this.keys = keys;
  }

  /** A prediction, an inference, and a swap of what is in production now. */
  List<String> of(ModelRegistry registry) {
    return List.of(prediction(), inference(), swap(registry));
  }

  private String prediction() {
    return curl(
        "/predict",
        """
        {"age": 41, "income": 52000, "plan": "basic", "purchase_history": 3, \
        "last_purchase_date": "2026-05-01"}\
        """);
  }

  private String inference() {
    return curl(
        "/v2/models/" + RatingsModel.NAME + "/infer",
        """
        {"inputs": [{"name": "user", "shape": [2, 1], "datatype": "FP32", "data": [17, 17]}, \
        {"name": "item", "shape": [2, 1], "datatype": "FP32", "data": [3, 4]}]}\
        """);
  }

  /** From 32 bits to 8, or back again. */
  private String swap(ModelRegistry registry) {
    String ranker = "/api/v1/registry/" + StarterModels.RANKER;
    boolean quantized =
        registry
            .production(StarterModels.RANKER)
            .map(ModelVersion::version)
            .equals(Optional.of("int8"));
    return quantized
        ? curl(ranker + "/rollback", "{\"reason\": \"32 bits after all\"}")
        : curl(
            ranker + "/versions/int8/stage", "{\"stage\": \"production\", \"reason\": \"8 bits\"}");
  }

  private String curl(String path, String json) {
    String key = keys ? " -H \"X-API-Key: $KEY\"" : "";
    return "curl -s%s %s -d '%s'".formatted(key, url.resolve(path), json);
  }
}
