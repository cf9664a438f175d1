package io.platformkit.benchmarks.ranker;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.onnx.MlpModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** Plain ONNX Runtime at its best: buffers that are used again, and an output that is pinned. */
final class PlainRanker implements Ranker {
  private final OrtSession session;
  private final OnnxTensor features;
  private final OnnxTensor output;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> pinned;
  private final FloatBuffer results;
  private final int rows;

  PlainRanker(int rows) throws OrtException {
    this(rows, session());
  }

  PlainRanker(int rows, OrtSession session) throws OrtException {
    this.rows = rows;
    this.session = session;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    FloatBuffer buffer = direct(rows * FEATURES).put(0, Ranker.features(rows));
    features = OnnxTensor.createTensor(environment, buffer, new long[] {rows, FEATURES});
    results = direct(rows);
    output = OnnxTensor.createTensor(environment, results, new long[] {rows, 1});
    inputs = Map.of(MlpModel.INPUT, features);
    pinned = Map.of(MlpModel.OUTPUT, output);
  }

  /** With the options that ours has. */
  static OrtSession session() throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return OrtEnvironment.getEnvironment().createSession(Ranker.model().fp32(), options);
    }
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void run() throws OrtException {
    session.run(inputs, Set.of(), pinned).close();
  }

  @Override
  public float[] scores() {
    float[] scores = new float[rows];
    results.get(0, scores);
    return scores;
  }

  @Override
  public void close() {
    features.close();
    output.close();
    Closing.quietly(session);
  }
}
