package io.platformkit.ml.schema;

import io.platformkit.ml.Elements;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes named features into rows of a model's inputs. Immutable, safe for concurrent use. */
public final class RowEncoder {
  private final ModelSignature signature;
  private final List<Column> columns;

  /** Where a feature goes. */
  private record Column(FeatureReading reading, String input, int first) {}

  private RowEncoder(ModelSignature signature, List<Column> columns) {
    this.signature = signature;
    this.columns = List.copyOf(columns);
  }

  /**
   * The encoder of a schema for a model.
   *
   * @throws IllegalArgumentException with all faults, if the features don't fill each row of the
   *     model's inputs exactly, name an input that there is not, or are of a type that it can't
   *     hold
   */
  public static RowEncoder of(ModelSchema schema, ModelSignature signature) {
    List<String> faults = new ArrayList<>();
    if (!signature.isBatchable()) {
      throw new IllegalArgumentException(
          "the model takes %s but features make rows: each input must have a free first dimension"
              .formatted(signature.inputs().stream().map(TensorSpec::form).toList()));
    }
    Map<String, Integer> filled = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    for (Feature feature : schema.features()) {
      Optional<TensorSpec> spec = input(feature, signature, faults);
      if (spec.isPresent()) {
        int first = filled.getOrDefault(spec.get().name(), 0);
        columns.add(column(feature, spec.get(), first, faults));
        filled.put(spec.get().name(), first + feature.elements());
      }
    }
    for (TensorSpec spec : signature.inputs()) {
      requireFull(spec, filled.getOrDefault(spec.name(), 0), faults);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return new RowEncoder(signature, columns);
  }

  private static Optional<TensorSpec> input(
      Feature feature, ModelSignature signature, List<String> faults) {
    List<String> names = signature.inputs().stream().map(TensorSpec::name).toList();
    if (feature.input().isEmpty() && names.size() > 1) {
      faults.add(
          "feature '%s' names no input but it must be in one of %s"
              .formatted(feature.name(), names));
      return Optional.empty();
    }
    String name = feature.input().orElse(names.getFirst());
    Optional<TensorSpec> spec = signature.input(name);
    if (spec.isEmpty()) {
      faults.add(
          "feature '%s' is in input '%s' but it must be in one of %s"
              .formatted(feature.name(), name, names));
    }
    return spec;
  }

  private static Column column(Feature feature, TensorSpec spec, int first, List<String> faults) {
    boolean text = feature.type() == FeatureType.TEXT;
    if (text != (spec.type() == TensorType.STRING)) {
      faults.add(
          "feature '%s' is a %s but input '%s' holds %s"
              .formatted(feature.name(), feature.type(), spec.name(), spec.type()));
    }
    return new Column(FeatureReading.of(feature), spec.name(), first);
  }

  private static void requireFull(TensorSpec spec, int filled, List<String> faults) {
    int wanted = spec.rowElements();
    if (filled != wanted) {
      faults.add(
          "the features of input '%s' have %d elements but a row of %s has %d"
              .formatted(spec.name(), filled, spec.form(), wanted));
    }
  }

  /** The names of the features, in the schema's order. */
  public List<String> features() {
    return columns.stream().map(column -> column.reading().feature().name()).toList();
  }

  /**
   * Writes one row. Features that the schema does not know are left out.
   *
   * @param features by name: numbers, booleans, strings and lists, as JSON has them
   * @param inputs of this model
   * @param row from 0
   * @throws InvalidFeaturesException with each feature that is missing or not allowed; then nothing
   *     of the row is to be used
   */
  public void encode(Map<String, ? extends @Nullable Object> features, Tensors inputs, int row) {
    List<FeatureFault> faults = new ArrayList<>(0);
    for (Column column : columns) {
      Feature feature = column.reading().feature();
      Object given = features.get(feature.name());
      Object value = given != null ? given : feature.fallback().orElse(null);
      Tensor input = inputs.get(column.input());
      if (value == null || !write(column, value, input, row)) {
        String rule = column.reading().rule() + elementRule(input.type());
        faults.add(new FeatureFault(feature.name(), FeatureReading.shown(given), rule));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidFeaturesException(faults);
    }
  }

  /** One row of its own. */
  public Tensors encode(Map<String, ? extends @Nullable Object> features) {
    Tensors row = signature.allocateInputs(1);
    encode(features, row, 0);
    return row;
  }

  /** False if the value can't be written; then some elements may have been. */
  private static boolean write(Column column, Object value, Tensor to, int row) {
    FeatureReading reading = column.reading();
    int at = row * to.rowElements() + column.first();
    return switch (reading.feature().type()) {
      case TEXT -> writeText(value, to, at);
      case VECTOR -> writeVector(reading, value, to, at);
      default -> writeNumber(reading.number(value), to, at);
    };
  }

  private static boolean writeText(Object value, Tensor to, int at) {
    if (value instanceof String text) {
      to.string(at, text);
      return true;
    }
    return false;
  }

  private static boolean writeVector(FeatureReading reading, Object value, Tensor to, int at) {
    if (!(value instanceof List<?> list) || list.size() != reading.feature().elements()) {
      return false;
    }
    boolean right = true;
    for (int i = 0; right && i < list.size(); i++) {
      right = writeNumber(reading.element(list.get(i)), to, at + i);
    }
    return right;
  }

  private static boolean writeNumber(double number, Tensor to, int at) {
    boolean right = !Double.isNaN(number) && Elements.canHold(to.type(), number);
    if (right) {
      Elements.write(to, at, number);
    }
    return right;
  }

  /** What an element may be beside the feature's own rule; empty if that is all. */
  private static String elementRule(TensorType type) {
    return switch (type) {
      case FLOAT32, FLOAT64, STRING -> "";
      case FLOAT16, BFLOAT16 -> ", which " + type + " can hold";
      default -> ", a whole one which " + type + " can hold";
    };
  }
}
