package io.platformkit.core;

import java.time.Month;
import java.time.Year;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Reads floating-point numbers from numbers alone, and times from text alone. Jackson would also
 * take the text "NaN", text for a whole array of numbers, and a number for a time, which no setting
 * turns off. A month is written by name, as other enums are.
 */
final class StrictTypes extends SimpleModule {
  private static final long serialVersionUID = 1L;

  StrictTypes() {
    super("strict types");
    addDeserializer(Double.class, new Strict<>(Double.class, JsonParser::getDoubleValue));
    addDeserializer(double.class, new Strict<>(double.class, JsonParser::getDoubleValue));
    addDeserializer(Float.class, new Strict<>(Float.class, JsonParser::getFloatValue));
    addDeserializer(float.class, new Strict<>(float.class, JsonParser::getFloatValue));
    addDeserializer(double[].class, new Doubles());
    addDeserializer(float[].class, new Floats());
    addDeserializer(OptionalDouble.class, new Optionals());
    setDeserializerModifier(new TextForTimes());
    addSerializer(Month.class, ToStringSerializer.instance);
  }

  /** Where Jackson would take a number for a time, in seconds or days. */
  private static final class TextForTimes extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier description,
        ValueDeserializer<?> reader) {
      Class<?> type = description.getBeanClass();
      return type.getName().startsWith("java.time.") && type != Year.class
          ? new TextOnly(reader)
          : reader;
    }

    @Override
    public ValueDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription.Supplier description,
        ValueDeserializer<?> reader) {
      return type.hasRawClass(Month.class) ? new TextOnly(reader) : reader;
    }
  }

  private static final class TextOnly extends DelegatingDeserializer {
    TextOnly(ValueDeserializer<?> reader) {
      super(reader);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
      return new TextOnly(reader);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
      return parser.hasToken(JsonToken.VALUE_STRING)
          ? super.deserialize(parser, context)
          : context.reportInputMismatch(
              handledType(), "Cannot read a time from %s", parser.currentToken());
    }
  }

  private static <T> T refuse(
      StdScalarDeserializer<T> reader, JsonParser parser, DeserializationContext context) {
    return context.reportInputMismatch(
        reader,
        "Cannot read value of type %s from %s",
        reader.handledType().getSimpleName(),
        parser.currentToken());
  }

  private static final class Strict<T> extends StdScalarDeserializer<T> {
    private final Function<JsonParser, T> read;

    Strict(Class<T> type, Function<JsonParser, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
      return parser.currentToken().isNumeric() ? read.apply(parser) : refuse(this, parser, context);
    }

    @Override
    @SuppressWarnings("NullAway") // the API's null: refused for primitives, allowed for the others
    public T getNullValue(DeserializationContext context) {
      return handledType().isPrimitive() ? refuse(this, context.getParser(), context) : null;
    }
  }

  private static final class Optionals extends StdScalarDeserializer<OptionalDouble> {
    Optionals() {
      super(OptionalDouble.class);
    }

    @Override
    public OptionalDouble deserialize(JsonParser parser, DeserializationContext context) {
      return parser.currentToken().isNumeric()
          ? OptionalDouble.of(parser.getDoubleValue())
          : refuse(this, parser, context);
    }

    @Override
    public OptionalDouble getNullValue(DeserializationContext context) {
      return OptionalDouble.empty();
    }
  }

  private static final class Doubles extends StdScalarDeserializer<double[]> {
    Doubles() {
      super(double[].class);
    }

    @Override
    public double[] deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.isExpectedStartArrayToken()) {
        return refuse(this, parser, context);
      }
      double[] values = new double[16];
      int size = 0;
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (!token.isNumeric()) {
          return context.reportInputMismatch(double.class, "Cannot read a number from %s", token);
        }
        if (size == values.length) {
          values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = parser.getDoubleValue();
      }
      return Arrays.copyOf(values, size);
    }
  }

  private static final class Floats extends StdScalarDeserializer<float[]> {
    Floats() {
      super(float[].class);
    }

    @Override
    public float[] deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.isExpectedStartArrayToken()) {
        return refuse(this, parser, context);
      }
      float[] values = new float[16];
      int size = 0;
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (!token.isNumeric()) {
          return context.reportInputMismatch(float.class, "Cannot read a number from %s", token);
        }
        if (size == values.length) {
          values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = parser.getFloatValue();
      }
      return Arrays.copyOf(values, size);
    }
  }
}
