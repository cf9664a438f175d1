package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.ml.registry.DirectoryArtifacts;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Note;
import io.platformkit.ml.registry.Stage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** A version goes into production, another one takes over, and the first one comes back. */
public final class VersionsOfAModel {
  private VersionsOfAModel() {}

  /** Promotes, rolls back, and asks who served when. */
  public static void main(String[] args) {
    try (var registry = ModelRegistry.inMemory()) {
      register(registry);
      promoteAndRollBack(registry);
    }
  }

  static void register(ModelRegistry registry) {
    byte[] january = "an ONNX file".getBytes(UTF_8);
    byte[] february = "a better one".getBytes(UTF_8);
    // @start region="register"
    registry.register(
        NewVersion.builder("churn", "2026-01")
            .algorithm("gbdt")
            .metrics(Map.of("auc", 0.88))
            .dataset("clicks@2025-12-31")
            .build(),
        january);
    registry.register(
        NewVersion.builder("churn", "2026-02")
            .algorithm("gbdt")
            .metrics(Map.of("auc", 0.91))
            .dataset("clicks@2026-01-31")
            .parent("2026-01")
            .build(),
        february);
    // @end
  }

  static void promoteAndRollBack(ModelRegistry registry) {
    // @start region="promote"
    registry.promote("churn", "2026-01", Note.by("ann"));
    registry.transition("churn", "2026-02", Stage.CANARY);
    registry.promote("churn", "2026-02", Note.by("ann").because("AUC 0.91 against 0.88"));
    registry.rollback("churn", Note.by("bob").because("slow on mobiles"));

    for (ModelVersion version : registry.versions("churn")) {
      System.out.println(version.version() + " is " + version.stage());
    }
    registry.productionAt("churn", Instant.now()).ifPresent(System.out::println);
    System.out.println(registry.history("churn").getLast().note().reason().orElse(""));
    byte[] checked = registry.artifact("churn", "2026-01"); // its SHA-256 is right
    // @end
    System.out.println(checked.length + " bytes");
  }

  /** What a host writes that keeps its models: on one database, the bytes in a directory. */
  static ModelRegistry onADatabase(Jdbc jdbc, Path models) {
    // @start region="durable"
    return ModelRegistry.builder(
            jdbc.keyValues(KeyValueOptions.of("models").scanned()),
            jdbc.eventLog(EventLogOptions.of("models")))
        .artifacts(DirectoryArtifacts.in(models))
        .build();
    // @end
  }
}
