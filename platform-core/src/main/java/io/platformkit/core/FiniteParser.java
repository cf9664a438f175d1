package io.platformkit.core;

import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.util.JsonParserDelegate;

/** Refuses a number that is too large for its type, where Jackson would answer infinity. */
final class FiniteParser extends JsonParserDelegate {
  FiniteParser(JsonParser source) {
    super(source);
  }

  @Override
  public double getDoubleValue() {
    return finite(super.getDoubleValue());
  }

  @Override
  public double getValueAsDouble() {
    return finite(super.getValueAsDouble());
  }

  @Override
  public double getValueAsDouble(double absent) {
    return finite(super.getValueAsDouble(absent));
  }

  @Override
  public float getFloatValue() {
    return (float) finite(super.getFloatValue());
  }

  @Override
  public Number getNumberValue() {
    return finite(super.getNumberValue());
  }

  @Override
  public Number getNumberValueExact() {
    return finite(super.getNumberValueExact());
  }

  private Number finite(Number value) {
    if (value instanceof Double || value instanceof Float) {
      finite(value.doubleValue());
    }
    return value;
  }

  private double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new StreamReadException(
          this, "a number must be finite: it is beyond its type's range", currentTokenLocation());
    }
    return value;
  }
}
