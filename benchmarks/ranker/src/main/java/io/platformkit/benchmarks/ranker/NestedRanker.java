package io.platformkit.benchmarks.ranker;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.onnx.MlpModel;
import java.util.Map;

/** What most programs write: {@code createTensor(float[][])} and {@code getValue()}. */
final class NestedRanker implements Ranker {
  private final OrtSession session = session();
  private final float[][] features;
  private float[][] scores = {};

  NestedRanker(int rows) {
    features = Ranker.featuresByRow(rows);
  }

  private static OrtSession session() {
    try {
      return PlainRanker.session();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void run() throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), features);
        OrtSession.Result result = session.run(Map.of(MlpModel.INPUT, tensor))) {
      scores = (float[][]) result.get(0).getValue();
    }
  }

  @Override
  public float[] scores() {
    float[] flat = new float[scores.length];
    for (int row = 0; row < flat.length; row++) {
      flat[row] = scores[row][0];
    }
    return flat;
  }

  @Override
  public void close() {
    Closing.quietly(session);
  }
}
