package io.platformkit.ml.serving;

import io.platformkit.core.PlatformException;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the version that a request is for, and keeps it loaded while it is answered. */
final class Versions {
  private static final Set<Stage> SERVABLE =
      EnumSet.of(Stage.STAGED, Stage.SHADOW, Stage.CANARY, Stage.PRODUCTION);

  private final ModelRegistry registry;
  private final Catalog catalog;
  private final LoadedModels models;

  Versions(ModelRegistry registry, Catalog catalog, LoadedModels models) {
    this.registry = registry;
    this.catalog = catalog;
    this.models = models;
  }

  /**
   * Does something with a version. Blocks, until it is loaded.
   *
   * @param version empty for the one in production
   */
  <T> Served<T> use(String model, Optional<String> version, Function<LoadedModel, Served<T>> work) {
    try {
      Optional<VersionId> id =
          version.isPresent() ? named(model, version.get()) : inProduction(model);
      return id.isPresent() ? leased(id.get(), work) : new Served.NotFound<>(model, version);
    } catch (ModelException failure) {
      return new Served.Failed<>(failure.id(), failure);
    } catch (PlatformException failure) {
      return new Served.Unavailable<>(failure);
    }
  }

  private <T> Served<T> leased(VersionId id, Function<LoadedModel, Served<T>> work) {
    try (Lease lease = models.acquire(id)) {
      return work.apply(lease.model());
    }
  }

  /**
   * The version that answers for a model.
   *
   * @throws PlatformException if there is one that should, and can't be loaded or found out
   */
  private Optional<VersionId> inProduction(String model) {
    Optional<FollowedModel> followed = isName(model) ? catalog.find(model) : Optional.empty();
    Optional<VersionId> serving = followed.flatMap(FollowedModel::serving);
    Optional<PlatformException> trouble = followed.flatMap(FollowedModel::trouble);
    if (serving.isEmpty() && trouble.isPresent()) {
      throw trouble.get();
    }
    return serving;
  }

  private Optional<VersionId> named(String model, String version) {
    if (!isName(model) || !isName(version)) {
      return Optional.empty();
    }
    VersionId id = new VersionId(model, version);
    return models.isLoaded(id) || isServable(id) ? Optional.of(id) : Optional.empty();
  }

  private boolean isServable(VersionId id) {
    Stage stage = registry.stages(id.model()).get(id.version());
    return stage != null && SERVABLE.contains(stage);
  }

  /** Whatever a caller writes; the registry has no other names. */
  private static boolean isName(String text) {
    return ModelRegistry.isName(text);
  }

  /** Those of a model that may be asked for, newest first. */
  List<String> servable(String model) {
    return isName(model)
        ? registry.stages(model).entrySet().stream()
            .filter(version -> SERVABLE.contains(version.getValue()))
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  /** Whether a request would find its version loaded. */
  boolean isReady(String model, Optional<String> version) {
    Optional<VersionId> id =
        version.isPresent()
            ? version.filter(Versions::isName).map(name -> new VersionId(model, name))
            : catalog.known(model).flatMap(FollowedModel::serving);
    return id.filter(models::isLoaded).isPresent();
  }
}
