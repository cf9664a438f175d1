package io.platformkit.ml.onnx;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;

/** A process that loads a model and tells what it met. */
final class LoadingHost {
  private LoadingHost() {}

  /**
   * Loads, twice.
   *
   * @param arguments the folder of native libraries, if any
   */
  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      System.setProperty("onnxruntime.native.path", arguments[0]);
    }
    for (int i = 0; i < 2; i++) {
      try {
        OnnxLoader loader = OnnxLoader.builder().build();
        loader.load(new VersionId("mlp", "1"), MlpModel.fp32(8, 1)).close();
        System.out.println("loaded");
      } catch (IllegalStateException | ModelException failure) {
        System.out.println(failure.getMessage());
      }
    }
  }
}
