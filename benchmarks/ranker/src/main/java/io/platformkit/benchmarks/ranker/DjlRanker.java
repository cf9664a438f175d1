package io.platformkit.benchmarks.ranker;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.ByteArrayInputStream;
import java.util.Map;

/** DJL's engine of ONNX Runtime, through its predictor. */
final class DjlRanker implements Ranker {
  private final Model model = Model.newInstance("ranker", "OnnxRuntime");
  private final Predictor<float[], float[]> predictor;
  private final float[] features;
  private float[] scores = {};

  /** Before anything else uses ONNX Runtime: the engine insists on making its environment. */
  static void beFirst() {
    Engine.getEngine("OnnxRuntime");
  }

  DjlRanker(int rows) throws Exception {
    features = Ranker.features(rows);
    model.load(
        new ByteArrayInputStream(Ranker.model().fp32()),
        Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1"));
    predictor = model.newPredictor(new ArrayTranslator(rows));
  }

  @Override
  public void run() throws TranslateException {
    scores = predictor.predict(features);
  }

  @Override
  public float[] scores() {
    return scores;
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }

  private record ArrayTranslator(int rows) implements NoBatchifyTranslator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] input) {
      return new NDList(context.getNDManager().create(input, new Shape(rows, FEATURES)));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList list) {
      return list.singletonOrThrow().toFloatArray();
    }
  }
}
