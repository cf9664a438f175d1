package io.platformkit.benchmarks.batching;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.onnx.MlpModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plain ONNX Runtime on batches that are there already: what batching can reach at most. */
final class FullBatches implements AutoCloseable {
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final OrtSession session;
  private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>(); // by thread
  private final List<Map<String, OnnxTensor>> outputs = new ArrayList<>();

  FullBatches(int rows, int threads) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      session = environment.createSession(MlpModel.fp32(Callers.LAYERS), options);
    }
    for (int i = 0; i < threads; i++) {
      inputs.add(Map.of(MlpModel.INPUT, tensor(environment, rows, Callers.LAYERS[0])));
      outputs.add(Map.of(MlpModel.OUTPUT, tensor(environment, rows, 1)));
    }
  }

  private OnnxTensor tensor(OrtEnvironment environment, int rows, int columns) throws OrtException {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * rows * columns)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, new long[] {rows, columns});
    tensors.add(tensor);
    return tensor;
  }

  void run(int thread) throws OrtException {
    session.run(inputs.get(thread), Set.of(), outputs.get(thread)).close();
  }

  @Override
  public void close() throws OrtException {
    tensors.forEach(OnnxTensor::close);
    session.close();
  }
}
