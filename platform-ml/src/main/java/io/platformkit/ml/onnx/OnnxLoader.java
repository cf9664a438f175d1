package io.platformkit.ml.onnx;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.VersionId;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads ONNX files, up to 2 GiB, with all weights in the file; quantized ones and those of 16 bits
 * as they are. What goes in and comes out must be tensors. Safe for concurrent use.
 */
public final class OnnxLoader implements ModelLoader {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxLoader.class);

  // Nothing here may need ONNX Runtime to be linked: build() tells whoever lacks it.
  private final OnnxOptions options;

  OnnxLoader(OnnxOptions options) {
    this.options = options;
  }

  /** Options, each with a default. */
  public static OnnxLoaderBuilder builder() {
    return new OnnxLoaderBuilder();
  }

  @Override
  public ModelRunner load(VersionId id, byte[] artifact) {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(artifact, "artifact");
    try {
      return OnnxRunner.open(id, artifact, options, Optional.empty());
    } catch (ModelException failure) {
      if (!options.provider().fallbackToCpu()) {
        throw failure;
      }
      return openOnCpu(id, artifact, failure);
    }
  }

  /** A model that can't be loaded on the processor either is at fault itself. */
  private ModelRunner openOnCpu(VersionId id, byte[] artifact, ModelException onGpu) {
    ModelRunner runner;
    try {
      runner =
          OnnxRunner.open(
              id, artifact, options.onCpu(), Optional.of("on CPU: " + onGpu.getMessage()));
    } catch (ModelException onCpu) {
      onCpu.addSuppressed(onGpu);
      throw onCpu;
    }
    LOG.warn("Runs on CPU instead of {}: {}", options.provider(), onGpu.getMessage());
    return runner;
  }
}
