package io.platformkit.ml.onnx;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import java.util.Random;

/**
 * A {@link MlpModel} in 8 bits: each layer's input is quantized to {@code UINT8} by the range that
 * it has for features from -1 to 1, its weights to {@code INT8}, its bias to {@code INT32}.
 */
final class Int8Mlp {
  private static final long SEED = 8;
  private static final int CALIBRATION_ROWS = 256;

  private final MlpModel model;
  private final float[] inputScales;
  private final int[] zeroPoints;
  private final float[] weightScales;

  Int8Mlp(MlpModel model) {
    this.model = model;
    this.inputScales = new float[model.depth()];
    this.zeroPoints = new int[model.depth()];
    this.weightScales = new float[model.depth()];
    calibrate();
    for (int layer = 0; layer < model.depth(); layer++) {
      float largest = 0;
      for (float weight : model.weights(layer)) {
        largest = Math.max(largest, Math.abs(weight));
      }
      weightScales[layer] = largest / 127;
    }
  }

  private void calibrate() {
    double[] least = new double[model.depth()];
    double[] most = new double[model.depth()];
    Random random = new Random(SEED);
    for (int row = 0; row < CALIBRATION_ROWS; row++) {
      double[] values = random.doubles(model.width(0), -1, 1).toArray();
      for (int layer = 0; layer < model.depth(); layer++) {
        for (double value : values) {
          least[layer] = Math.min(least[layer], value);
          most[layer] = Math.max(most[layer], value);
        }
        values = model.layer(layer, values);
      }
    }
    for (int layer = 0; layer < model.depth(); layer++) {
      inputScales[layer] = (float) ((most[layer] - least[layer]) / 255);
      zeroPoints[layer] = (int) Math.rint(-least[layer] / inputScales[layer]);
    }
  }

  /** What the file gives for one row, computed in Java in double precision. */
  float[] compute(float... features) {
    double[] values = new double[features.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = features[i];
    }
    for (int layer = 0; layer < model.depth(); layer++) {
      values = layer(layer, values);
    }
    float[] scores = new float[values.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) values[i];
    }
    return scores;
  }

  private double[] layer(int layer, double[] in) {
    byte[] weights = weights(layer);
    int[] bias = bias(layer);
    double[] out = new double[model.width(layer + 1)];
    for (int j = 0; j < out.length; j++) {
      long sum = bias[j];
      for (int i = 0; i < in.length; i++) {
        sum += (quantized(layer, in[i]) - zeroPoints[layer]) * weights[i * out.length + j];
      }
      double value = sum * (double) inputScales[layer] * weightScales[layer];
      out[j] = layer == model.depth() - 1 ? value : Math.max(0, value);
    }
    return out;
  }

  private long quantized(int layer, double value) {
    double steps = Math.rint((float) value / inputScales[layer]) + zeroPoints[layer];
    return (long) Math.clamp(steps, 0, 255);
  }

  private byte[] weights(int layer) {
    float[] weights = model.weights(layer);
    byte[] quantized = new byte[weights.length];
    for (int i = 0; i < weights.length; i++) {
      quantized[i] = (byte) Math.rint(weights[i] / weightScales[layer]);
    }
    return quantized;
  }

  private int[] bias(int layer) {
    float[] bias = model.bias(layer);
    int[] quantized = new int[bias.length];
    for (int i = 0; i < bias.length; i++) {
      quantized[i] = (int) Math.rint(bias[i] / (inputScales[layer] * weightScales[layer]));
    }
    return quantized;
  }

  byte[] file() {
    OnnxFile file = new OnnxFile().input(MlpModel.INPUT, TensorType.FLOAT32, "N", model.width(0));
    String from = MlpModel.INPUT;
    for (int layer = 0; layer < model.depth(); layer++) {
      boolean last = layer == model.depth() - 1;
      addConstants(file, layer);
      file.node("QuantizeLinear", "q" + layer, from, "scale" + layer, "zero" + layer);
      file.node("DequantizeLinear", "x" + layer, "q" + layer, "scale" + layer, "zero" + layer);
      file.node("DequantizeLinear", "w" + layer, "weights" + layer, "step" + layer);
      file.node("DequantizeLinear", "b" + layer, "bias" + layer, "both" + layer);
      String sum = last ? MlpModel.OUTPUT : "sum" + layer;
      file.node("Gemm", sum, "x" + layer, "w" + layer, "b" + layer);
      if (!last) {
        from = "hidden" + layer;
        file.node("Relu", from, sum);
      }
    }
    int width = model.width(model.depth());
    return file.output(MlpModel.OUTPUT, TensorType.FLOAT32, "N", width).bytes();
  }

  private void addConstants(OnnxFile file, int layer) {
    Tensor zero = Tensor.allocate(TensorType.UINT8);
    zero.bytes().put(0, (byte) zeroPoints[layer]);
    Tensor weights = Tensor.allocate(TensorType.INT8, model.width(layer), model.width(layer + 1));
    weights.bytes().put(weights(layer));
    Tensor bias = Tensor.allocate(TensorType.INT32, model.width(layer + 1));
    bias.ints().put(bias(layer));
    file.constant("scale" + layer, scalar(inputScales[layer]));
    file.constant("zero" + layer, zero);
    file.constant("step" + layer, scalar(weightScales[layer]));
    file.constant("both" + layer, scalar(inputScales[layer] * weightScales[layer]));
    file.constant("weights" + layer, weights);
    file.constant("bias" + layer, bias);
  }

  private static Tensor scalar(float value) {
    return Tensor.of(new float[] {value});
  }
}
