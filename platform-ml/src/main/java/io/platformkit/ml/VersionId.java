package io.platformkit.ml;

import io.platformkit.core.Bounds;

/**
 * Names one version of a model.
 *
 * @param model 1 to 512 bytes of UTF-8: {@code "churn"}
 * @param version 1 to 512 bytes of UTF-8: {@code "7"}; no order is read into it
 */
public record VersionId(String model, String version) {
  public VersionId {
    Bounds.requireName("model", model);
    Bounds.requireName("version", version);
  }

  /** For messages: {@code model 'churn' version '7'}. */
  @Override
  public String toString() {
    return "model '%s' version '%s'".formatted(model, version);
  }
}
