package io.platformkit.ml.serving;

import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.VersionId;
import java.util.List;

/**
 * A version as callers see it.
 *
 * @param platform what computes, and in which format the model is: {@code "onnx_onnxv1"}
 * @param signature its tensors
 * @param features the names of the features that it reads, in order; empty if it takes tensors
 *     alone
 */
public record ModelDescription(
    VersionId id, String platform, ModelSignature signature, List<String> features) {
  public ModelDescription {
    features = List.copyOf(features);
  }
}
