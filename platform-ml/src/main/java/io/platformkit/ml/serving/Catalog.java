package io.platformkit.ml.serving;

import io.platformkit.ml.VersionId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Which version of each model answers. It follows the registry: what is in production there is
 * loaded first, and answers from then on; until then its predecessor does. Safe for concurrent use.
 */
final class Catalog implements AutoCloseable {
  private final Settings settings;
  private final Consumer<VersionId> loader;
  private final Map<String, FollowedModel> models = new ConcurrentHashMap<>();

  /**
   * Follows nothing yet.
   *
   * @param loader loads a version, if it is not
   */
  Catalog(Settings settings, Consumer<VersionId> loader) {
    this.settings = settings;
    this.loader = loader;
  }

  /** Follows a model from now on, and returns when what is in production is loaded, or can't be. */
  FollowedModel follow(String model) {
    FollowedModel followed =
        models.computeIfAbsent(model, name -> new FollowedModel(name, settings, loader));
    followed.start();
    return followed;
  }

  /** The model, if it is followed. */
  Optional<FollowedModel> known(String model) {
    return Optional.ofNullable(models.get(model));
  }

  /** The model, if the registry has it. */
  Optional<FollowedModel> find(String model) {
    FollowedModel known = models.get(model);
    if (known != null) {
      known.start();
      return Optional.of(known);
    }
    return settings.registry().stages(model).isEmpty()
        ? Optional.empty()
        : Optional.of(follow(model));
  }

  /** Those that are followed, by name. */
  List<FollowedModel> all() {
    Collection<FollowedModel> followed = models.values();
    return followed.stream().sorted(Comparator.comparing(FollowedModel::model)).toList();
  }

  @Override
  public void close() {
    models.values().forEach(FollowedModel::close);
  }
}
