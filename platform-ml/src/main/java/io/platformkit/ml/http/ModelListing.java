package io.platformkit.ml.http;

import io.platformkit.core.http.Response;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.Stage;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.ServerStatistics;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What there is and what it does, for {@link PredictionService}. */
final class ModelListing {
  private final ModelServer server;
  private final String own;

  ModelListing(ModelServer server, String own) {
    this.server = server;
    this.own = own;
  }

  /** Every version of every model. */
  Response all() {
    List<Map<String, Object>> models =
        server.registry().models().stream()
            .flatMap(model -> server.registry().versions(model.model()).stream())
            .sorted(Comparator.comparing(ModelVersion::createdAt).reversed())
            .map(ModelListing::listed)
            .toList();
    return Response.json(Map.of("models", models));
  }

  private static Map<String, Object> listed(ModelVersion version) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model_id", version.model());
    members.put("version", version.version());
    version.algorithm().ifPresent(algorithm -> members.put("algorithm", algorithm));
    members.put("status", word(version.stage()));
    members.put("created_at", version.createdAt().toString());
    version.deployedAt().ifPresent(at -> members.put("deployed_at", at.toString()));
    version.retiredAt().ifPresent(at -> members.put("retired_at", at.toString()));
    members.put("metrics", version.metrics());
    return members;
  }

  static String word(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  /** Those of the service's own model. */
  Response own() {
    List<ModelVersion> versions = server.registry().versions(own);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("versions", versions.stream().map(ModelVersion::version).toList());
    server.models().stream()
        .filter(model -> model.model().equals(own))
        .findFirst()
        .flatMap(model -> model.version())
        .ifPresent(current -> members.put("current", current));
    versions.stream()
        .flatMap(ModelListing::changes)
        .max(Comparator.naturalOrder())
        .ifPresent(at -> members.put("last_updated", at.toString()));
    return Response.json(members);
  }

  private static Stream<Instant> changes(ModelVersion version) {
    return Stream.of(Optional.of(version.createdAt()), version.deployedAt(), version.retiredAt())
        .flatMap(Optional::stream);
  }

  Response statistics() {
    ServerStatistics statistics = server.statistics();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("total_requests", statistics.requests());
    members.put("total_errors", statistics.errors());
    members.put("loaded_models", statistics.loaded().size());
    members.put(
        "models_in_cache",
        statistics.loaded().stream()
            .map(one -> one.id().model() + ":" + one.id().version())
            .toList());
    members.put("cache_hit_rate", statistics.cacheHitRate());
    members.put("avg_latency_ms", statistics.mean().toNanos() / 1e6);
    return Response.json(members).withHeader("Cache-Control", "no-store");
  }
}
