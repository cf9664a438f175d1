package io.platformkit.ml.http;

import io.platformkit.ml.TensorType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The names of types of elements in the Open Inference Protocol; BF16 is Triton's. */
final class DataTypes {
  private static final Map<TensorType, String> NAMES = new EnumMap<>(TensorType.class);
  private static final Map<String, TensorType> TYPES = new LinkedHashMap<>();

  static {
    for (TensorType type : TensorType.values()) {
      String name =
          switch (type) {
            case FLOAT16 -> "FP16";
            case BFLOAT16 -> "BF16";
            case FLOAT32 -> "FP32";
            case FLOAT64 -> "FP64";
            case STRING -> "BYTES";
            default -> type.name();
          };
      NAMES.put(type, name);
      TYPES.put(name, type);
    }
  }

  private DataTypes() {}

  static String name(TensorType type) {
    return String.valueOf(NAMES.get(type));
  }

  static Optional<TensorType> type(String name) {
    return Optional.ofNullable(TYPES.get(name));
  }

  static String all() {
    return String.join(", ", TYPES.keySet());
  }
}
