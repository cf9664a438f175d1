package io.platformkit.ml.onnx;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A multi-layer perceptron as an ONNX file (IR 8, operators 17), written by hand: {@code Gemm}s
 * with {@code Relu} between them, from {@value #INPUT} {@code FLOAT32[any, first]} to {@value
 * #OUTPUT} {@code FLOAT32[any, last]}. The weights come from a fixed seed, so the same layers give
 * the same bytes everywhere.
 */
public final class MlpModel {
  /** The input's name. */
  public static final String INPUT = "features";

  /** The output's name. */
  public static final String OUTPUT = "scores";

  private static final long SEED = 64_128_64_1;

  private final int[] layers;
  private final float[][] weights; // of each layer, row by row: [in × out]
  private final float[][] biases;

  private MlpModel(int[] layers) {
    this.layers = layers;
    this.weights = new float[layers.length - 1][];
    this.biases = new float[layers.length - 1][];
    Random random = new Random(SEED);
    for (int i = 0; i < weights.length; i++) {
      float range = (float) Math.sqrt(6.0 / layers[i]);
      weights[i] = uniform(random, layers[i] * layers[i + 1], range);
      biases[i] = uniform(random, layers[i + 1], 0.1f);
    }
  }

  private static float[] uniform(Random random, int count, float range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (2 * random.nextFloat() - 1) * range;
    }
    return values;
  }

  /**
   * One with these layers.
   *
   * @param layers the number of features, of each hidden layer's neurons, and of outputs
   */
  public static MlpModel of(int... layers) {
    if (layers.length < 2 || IntStream.of(layers).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("layers must be two or more, each of at least 1");
    }
    return new MlpModel(layers.clone());
  }

  /** The same with every output greater by so much: to tell versions apart by what they answer. */
  public MlpModel shifted(float by) {
    MlpModel other = new MlpModel(layers);
    float[] last = other.biases[biases.length - 1];
    for (int i = 0; i < last.length; i++) {
      last[i] += by;
    }
    return other;
  }

  /** The file of one with these layers. */
  public static byte[] fp32(int... layers) {
    return of(layers).fp32();
  }

  /** What the model gives for one row, computed in Java in double precision. */
  public float[] compute(float... features) {
    double[] values = IntStream.range(0, layers[0]).mapToDouble(i -> features[i]).toArray();
    for (int layer = 0; layer < weights.length; layer++) {
      values = layer(layer, values);
    }
    float[] scores = new float[values.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) values[i];
    }
    return scores;
  }

  /** What a layer makes of the one before. */
  double[] layer(int layer, double[] in) {
    int width = layers[layer + 1];
    boolean last = layer == weights.length - 1;
    double[] out = new double[width];
    for (int j = 0; j < width; j++) {
      double sum = biases[layer][j];
      for (int i = 0; i < in.length; i++) {
        sum += in[i] * weights[layer][i * width + j];
      }
      out[j] = last ? sum : Math.max(0, sum);
    }
    return out;
  }

  /** The file. */
  public byte[] fp32() {
    return file(TensorType.FLOAT32);
  }

  /** The file with weights, inputs and outputs of {@code FLOAT16}. */
  public byte[] fp16() {
    return file(TensorType.FLOAT16);
  }

  /**
   * The file with weights and activations of 8 bits, by {@code QuantizeLinear} and {@code
   * DequantizeLinear}; inputs and outputs stay {@code FLOAT32}. For features from -1 to 1.
   */
  public byte[] int8() {
    return new Int8Mlp(this).file();
  }

  private byte[] file(TensorType type) {
    OnnxFile file = new OnnxFile().input(INPUT, type, "N", layers[0]);
    String from = INPUT;
    for (int i = 0; i < weights.length; i++) {
      boolean last = i == weights.length - 1;
      file.constant("weights" + i, tensor(type, weights[i], layers[i], layers[i + 1]));
      file.constant("bias" + i, tensor(type, biases[i], layers[i + 1]));
      file.node("Gemm", last ? OUTPUT : "sum" + i, from, "weights" + i, "bias" + i);
      if (!last) {
        from = "hidden" + i;
        file.node("Relu", from, "sum" + i);
      }
    }
    return file.output(OUTPUT, type, "N", layers[layers.length - 1]).bytes();
  }

  private static Tensor tensor(TensorType type, float[] values, long... shape) {
    if (type == TensorType.FLOAT32) {
      return Tensor.of(values, shape);
    }
    Tensor halves = Tensor.allocate(type, shape);
    for (int i = 0; i < values.length; i++) {
      halves.shorts().put(i, Float.floatToFloat16(values[i]));
    }
    return halves;
  }

  int depth() {
    return weights.length;
  }

  /** Of features, of a hidden layer, or of outputs. */
  int width(int layer) {
    return layers[layer];
  }

  /** Row by row: [in × out]. */
  float[] weights(int layer) {
    return weights[layer];
  }

  float[] bias(int layer) {
    return biases[layer];
  }
}
