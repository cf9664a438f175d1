package io.platformkit.ml.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.Tensor;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A process that swaps sessions under their runs by plain calls: what the guard is for. */
final class SwappingHost {
  private static final MlpModel MODEL = MlpModel.of(64, 128, 64, 1);

  private SwappingHost() {}

  /**
   * Swaps, if it lives so long, and tells.
   *
   * @param arguments how many times
   */
  public static void main(String[] arguments) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    AtomicReference<OrtSession> current = new AtomicReference<>(session(environment));
    AtomicInteger refused = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      Thread caller = new Thread(() -> runAlways(environment, current, refused));
      caller.setDaemon(true);
      caller.start();
    }
    int swaps = Integer.parseInt(arguments[0]);
    for (int i = 0; i < swaps; i++) {
      current.getAndSet(session(environment)).close();
    }
    System.out.println("lived through " + swaps + " swaps; runs refused: " + refused);
    Runtime.getRuntime().halt(0);
  }

  private static OrtSession session(OrtEnvironment environment) throws OrtException {
    return environment.createSession(MODEL.fp32());
  }

  private static void runAlways(
      OrtEnvironment environment, AtomicReference<OrtSession> current, AtomicInteger refused) {
    Tensor features = Tensor.of(new float[500 * 64], 500, 64);
    try (OnnxTensor input =
        OnnxTensor.createTensor(environment, features.floats(), features.shape())) {
      while (true) {
        try {
          current.get().run(Map.of(MlpModel.INPUT, input)).close();
        } catch (OrtException | IllegalStateException closed) {
          refused.incrementAndGet();
        }
      }
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
