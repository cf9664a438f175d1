package io.platformkit.ml.serving;

import io.platformkit.core.cache.Codec;
import io.platformkit.ml.schema.Prediction;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;

/** Two doubles, big-endian: the value and the probability, which is NaN if there is none. */
final class PredictionCodec implements Codec<Prediction> {
  @Override
  public byte[] encode(Prediction prediction) {
    return ByteBuffer.allocate(2 * Double.BYTES)
        .putDouble(prediction.value())
        .putDouble(prediction.probability().orElse(Double.NaN))
        .array();
  }

  @Override
  public Prediction decode(byte[] bytes) {
    ByteBuffer read = ByteBuffer.wrap(bytes);
    double value = read.getDouble();
    double probability = read.getDouble();
    return new Prediction(
        value, Double.isNaN(probability) ? OptionalDouble.empty() : OptionalDouble.of(probability));
  }
}
