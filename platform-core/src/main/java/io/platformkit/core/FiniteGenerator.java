package io.platformkit.core;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** Writes a number that is not finite as null. */
final class FiniteGenerator extends JsonGeneratorDelegate {
  FiniteGenerator(JsonGenerator target) {
    super(target, false);
  }

  @Override
  public JsonGenerator writeNumber(double value) {
    if (Double.isFinite(value)) {
      delegate.writeNumber(value);
    } else {
      delegate.writeNull();
    }
    return this;
  }

  @Override
  public JsonGenerator writeNumber(float value) {
    if (Float.isFinite(value)) {
      delegate.writeNumber(value);
    } else {
      delegate.writeNull();
    }
    return this;
  }

  @Override
  public JsonGenerator writeArray(double[] values, int offset, int length) {
    writeStartArray(values, length);
    for (int i = offset; i < offset + length; i++) {
      writeNumber(values[i]);
    }
    return writeEndArray();
  }
}
