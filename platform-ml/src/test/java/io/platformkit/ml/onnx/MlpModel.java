package io.platformkit.ml.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
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
  private static final int FLOAT = 1; // TensorProto.DataType

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

  private double[] layer(int layer, double[] in) {
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
    return new Message()
        .number(1, 8)
        .text(2, "platform-kit")
        .message(7, graph())
        .message(8, new Message().text(1, "").number(2, 17))
        .bytes();
  }

  private Message graph() {
    Message graph = new Message();
    String from = INPUT;
    for (int i = 0; i < weights.length; i++) {
      boolean last = i == weights.length - 1;
      String sum = last ? OUTPUT : "sum" + i;
      graph.message(1, node("Gemm", sum, from, "weights" + i, "bias" + i));
      if (!last) {
        graph.message(1, node("Relu", "hidden" + i, sum));
        from = "hidden" + i;
      }
    }
    graph.text(2, "mlp");
    for (int i = 0; i < weights.length; i++) {
      graph.message(5, tensor("weights" + i, weights[i], layers[i], layers[i + 1]));
      graph.message(5, tensor("bias" + i, biases[i], layers[i + 1]));
    }
    graph.message(11, value(INPUT, layers[0]));
    return graph.message(12, value(OUTPUT, layers[layers.length - 1]));
  }

  private static Message node(String operator, String output, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(3, operator + "-" + output).text(4, operator);
  }

  private static Message tensor(String name, float[] values, int... shape) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    Message tensor = new Message();
    for (int length : shape) {
      tensor.number(1, length);
    }
    return tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array());
  }

  private static Message value(String name, int width) {
    Message rows = new Message().text(2, "N");
    Message columns = new Message().number(1, width);
    Message shape = new Message().message(1, rows).message(1, columns);
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A message of protocol buffers, field by field. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    Message bytes(int field, byte[] value) {
      Objects.requireNonNull(value, "value");
      varint(((long) field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
