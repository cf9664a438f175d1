package io.platformkit.ml.onnx;

/** What computes a model. */
public enum ExecutionProvider {
  /** The processor; always there. */
  CPU,
  /** A GPU of NVIDIA. */
  CUDA,
  /**
   * A GPU of NVIDIA, by kernels that TensorRT builds at each load, which may take minutes; what it
   * does not know is left to {@link #CUDA}.
   */
  TENSORRT
}
