package io.platformkit.ml.serving;

import io.platformkit.core.health.CheckResult;
import io.platformkit.core.health.HealthCheck;
import java.util.ArrayList;
import java.util.List;

/** Whether what is in production answers, and as it should. */
final class ServingCheck implements HealthCheck {
  private final Catalog catalog;
  private final LoadedModels models;

  ServingCheck(Catalog catalog, LoadedModels models) {
    this.catalog = catalog;
    this.models = models;
  }

  @Override
  public CheckResult check() {
    List<String> silent = new ArrayList<>();
    List<String> worse = new ArrayList<>();
    for (FollowedModel model : catalog.all()) {
      model
          .trouble()
          .ifPresent(why ->
              (model.serving().isPresent() ? worse : silent).add(String.valueOf(why.getMessage())));
    }
    for (LoadedModel loaded : models.loaded()) {
      loaded.degradation().ifPresent(why -> worse.add(loaded.id() + ": " + why));
    }
    if (!silent.isEmpty()) {
      silent.addAll(worse);
      return CheckResult.unhealthy(String.join("; ", silent));
    }
    return worse.isEmpty()
        ? CheckResult.healthy(models.loaded().size() + " loaded")
        : CheckResult.degraded(String.join("; ", worse));
  }
}
