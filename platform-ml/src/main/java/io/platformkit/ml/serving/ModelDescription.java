package io.platformkit.ml.serving;

import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.VersionId;
import java.util.List;

/**
 * A version as callers see it.
 *
 * @param signature its tensors
 * @param features the names of the features that it reads, in order; empty if it takes tensors
 *     alone
 */
public record ModelDescription(VersionId id, ModelSignature signature, List<String> features) {
  public ModelDescription {
    features = List.copyOf(features);
  }
}
