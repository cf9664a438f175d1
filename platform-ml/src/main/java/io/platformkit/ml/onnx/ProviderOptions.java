package io.platformkit.ml.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;

/**
 * Where a session computes.
 *
 * @param memoryLimit in bytes; 0 for none
 */
record ProviderOptions(
    ExecutionProvider provider,
    int device,
    boolean fallbackToCpu,
    boolean everyOperator,
    long memoryLimit,
    boolean tf32) {

  static final ProviderOptions CPU =
      new ProviderOptions(ExecutionProvider.CPU, 0, false, false, 0, false);

  /**
   * Asks a session to compute there.
   *
   * @throws ModelException if the provider is not there, saying what it wants and what was found
   */
  void addTo(SessionOptions session, VersionId id) throws OrtException {
    if (provider == ExecutionProvider.CPU) {
      return;
    }
    session.addConfigEntry("session.disable_cpu_ep_fallback", OnnxOptions.flag(everyOperator));
    try {
      if (provider == ExecutionProvider.TENSORRT) {
        addTensorRt(session);
      }
      addCuda(session);
    } catch (OrtException failure) {
      throw new ModelException(id, missing(failure), failure);
    }
  }

  private void addCuda(SessionOptions session) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device)) {
      cuda.add("use_tf32", OnnxOptions.flag(tf32));
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (memoryLimit > 0) {
        cuda.add("gpu_mem_limit", Long.toString(memoryLimit));
      }
      session.addCUDA(cuda);
    }
  }

  private void addTensorRt(SessionOptions session) throws OrtException {
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(device)) {
      session.addTensorrt(tensorRt);
    }
  }

  private String missing(OrtException failure) {
    String jar =
        OnnxEnvironment.isForGpus()
            ? "onnxruntime_gpu"
            : "onnxruntime, for the processor alone; put onnxruntime_gpu in its place";
    return "%s was asked for and can't be used: %s. The jar is %s. It wants %s. Found: %s"
        .formatted(
            provider, failure.getMessage(), jar, GpuLibraries.WANTED, GpuLibraries.ofThisMachine());
  }

  /** For messages: {@code CUDA device 0}. */
  @Override
  public String toString() {
    return provider == ExecutionProvider.CPU ? "CPU" : provider + " device " + device;
  }
}
