package io.platformkit.ml.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's one environment of this process.
 *
 * <p>ONNX Runtime gives it back in a shutdown hook, while other threads still load and run models,
 * which aborts the JVM. It counts its owners, so one more that never gives it back keeps it: the
 * end of the process frees it. Java's API has no call for that, so a private one is made.
 */
final class OnnxEnvironment {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxEnvironment.class);

  private OnnxEnvironment() {}

  /**
   * Checks that ONNX Runtime is there.
   *
   * @throws IllegalStateException naming the artifact
   */
  static void require() {
    try {
      Class.forName("ai.onnxruntime.OrtEnvironment", false, OnnxEnvironment.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "ONNX files need ONNX Runtime on the class path; add the artifact"
              + " com.microsoft.onnxruntime:onnxruntime, or onnxruntime_gpu in its place",
          e);
    }
  }

  static OrtEnvironment get() {
    return Holder.ENVIRONMENT;
  }

  /** Whether the jar on the class path has been built for GPUs; says nothing of this machine. */
  static boolean isForGpus() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  private static final class Holder {
    static final OrtEnvironment ENVIRONMENT = kept();

    private static OrtEnvironment kept() {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try {
        environment.setTelemetry(false);
      } catch (OrtException failure) {
        LOG.warn("ONNX Runtime can't be kept from reporting to Microsoft", failure);
      }
      try {
        own();
      } catch (ReflectiveOperationException | RuntimeException failure) {
        LOG.warn(
            "ONNX Runtime {} can't be kept until the process ends;"
                + " close all models before, or the JVM may crash at its end",
            environment.getVersion(),
            failure);
      }
      return environment;
    }

    private static void own() throws ReflectiveOperationException {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      api.setAccessible(true);
      create.setAccessible(true);
      int warnings = 2;
      Object unused = create.invoke(null, api.getLong(null), warnings, "platform-kit");
    }
  }
}
