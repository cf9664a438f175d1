package io.platformkit.ml.serving;

import io.platformkit.core.PlatformException;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.batching.BatcherBuilder;
import io.platformkit.ml.registry.Artifact;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.schema.OutputReader;
import io.platformkit.ml.schema.RowEncoder;
import io.platformkit.ml.serving.LoadedModel.FeatureForm;
import java.util.Optional;

/** Loads versions from the registry: their artifacts, and how they read features. */
final class RegistrySource implements LoadedModels.Source {
  /** What a runner holds for each byte of its artifact, if it does not say. */
  private static final int BYTES_PER_BYTE = 2;

  private static final byte[] NOTHING = {};

  private final Settings settings;

  RegistrySource(Settings settings) {
    this.settings = settings;
  }

  @Override
  public long estimate(VersionId id) {
    return BYTES_PER_BYTE * version(id).artifact().map(Artifact::bytes).orElse(0L);
  }

  private ModelVersion version(VersionId id) {
    return settings
        .registry()
        .version(id.model(), id.version())
        .orElseThrow(() -> new ModelException(id, "the registry has it no more"));
  }

  @Override
  public LoadedModel load(VersionId id) {
    ModelVersion facts = version(id);
    byte[] artifact = facts.artifact().isPresent() ? artifact(id) : NOTHING;
    ModelRunner runner = settings.loader().load(id, artifact);
    try {
      return prepared(runner, facts, artifact.length);
    } catch (RuntimeException | Error failure) {
      runner.close();
      throw failure;
    }
  }

  private byte[] artifact(VersionId id) {
    try {
      return settings.registry().artifact(id.model(), id.version());
    } catch (PlatformException failure) {
      throw new ModelException(id, "no artifact: " + failure.getMessage(), failure);
    }
  }

  private LoadedModel prepared(ModelRunner runner, ModelVersion facts, int artifactBytes) {
    Optional<FeatureForm> form = facts.schema().map(schema -> form(runner, schema));
    long bytes = runner.memoryBytes().orElse((long) BYTES_PER_BYTE * artifactBytes);
    VersionStats stats = new VersionStats(runner.id(), settings.timers(), settings.meters());
    return new LoadedModel(runner, lanes(runner), bytes, form, stats, settings.errors());
  }

  private Lanes lanes(ModelRunner runner) {
    if (!runner.signature().isBatchable()) {
      return new SeparateLanes(runner, settings.separateLanes(), settings.separateWaiting());
    }
    BatcherBuilder batcher =
        Batcher.builder(runner)
            .timers(settings.timers())
            .meterRegistry(settings.meters())
            .errorHandler(settings.errors());
    settings.batching().accept(batcher);
    return new BatchedLanes(runner.id(), batcher.build());
  }

  private static FeatureForm form(ModelRunner runner, ModelSchema schema) {
    try {
      return new FeatureForm(
          RowEncoder.of(schema, runner.signature()),
          OutputReader.of(runner.id(), schema, runner.signature()));
    } catch (IllegalArgumentException misfit) {
      throw new ModelException(
          runner.id(), "its schema does not fit it: " + misfit.getMessage(), misfit);
    }
  }
}
