package io.platformkit.ml.http;

import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.serving.ModelDescription;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms in which TensorFlow Serving takes and gives tensors: row by row, and by column. */
final class TensorFlowForms {
  private TensorFlowForms() {}

  /** Whether instances are named features, and not the model's inputs by name. */
  static boolean areFeatures(ModelDescription model, List<?> instances) {
    return !model.features().isEmpty()
        && instances.getFirst() instanceof Map<?, ?> first
        && model.signature().inputs().stream().noneMatch(input -> first.containsKey(input.name()));
  }

  static List<Map<String, @Nullable Object>> features(List<?> instances) {
    return Members.of("instances", instances).stream().map(Members::asMap).toList();
  }

  /** A tensor for each input, whose rows are the instances. */
  static Tensors rows(ModelSignature signature, List<?> instances) {
    List<TensorSpec> inputs = signature.inputs();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    boolean named = instances.getFirst() instanceof Map<?, ?> first && !first.containsKey("b64");
    if (!named && inputs.size() != 1) {
      throw Failures.malformed(
          "instances[0]", instances.getFirst(), "an object with " + names(inputs));
    }
    for (TensorSpec input : inputs) {
      List<@Nullable Object> column = new ArrayList<>();
      for (int i = 0; i < instances.size(); i++) {
        Object instance = instances.get(i);
        column.add(
            named
                ? Members.of("instances[%d]".formatted(i), instance).asMap().get(input.name())
                : instance);
      }
      tensors.put(input.name(), tensor(input, column));
    }
    return Tensors.of(tensors);
  }

  private static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).toList();
  }

  /** A tensor for each input, given whole: by name, or the one there is. */
  static Tensors columns(ModelSignature signature, Object inputs) {
    List<TensorSpec> specs = signature.inputs();
    if (inputs instanceof Map<?, ?> named && !named.containsKey("b64")) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      named.forEach((name, value) -> {
        TensorSpec spec =
            signature
                .input(String.valueOf(name))
                .orElseThrow(() -> Failures.malformed("input", name, "one of " + names(specs)));
        tensors.put(spec.name(), tensor(spec, value));
      });
      return Tensors.of(tensors);
    }
    if (specs.size() != 1) {
      throw Failures.malformed("inputs", inputs, "an object with " + names(specs));
    }
    return Tensors.of(specs.getFirst().name(), tensor(specs.getFirst(), inputs));
  }

  /** Of the shape that the lists have, or of the input's own if all but its rows are known. */
  private static Tensor tensor(TensorSpec spec, @Nullable Object value) {
    List<?> data = value instanceof List<?> list ? list : Collections.singletonList(value);
    List<?> plain = decoded(spec, data);
    long[] shape = value instanceof List<?> ? nesting(plain) : new long[0];
    if (spec.hasRows() && value instanceof List<?>) {
      shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
      shape[0] = data.size();
    }
    return JsonTensors.read(spec.name(), spec.type(), shape, plain);
  }

  private static long[] nesting(List<?> data) {
    List<Long> lengths = new ArrayList<>();
    Object level = data;
    while (level instanceof List<?> list) {
      lengths.add((long) list.size());
      level = list.isEmpty() ? "" : list.getFirst();
    }
    return lengths.stream().mapToLong(Long::longValue).toArray();
  }

  /** With {@code {"b64": "…"}} as the text that it stands for. */
  private static List<?> decoded(TensorSpec spec, List<?> data) {
    List<@Nullable Object> plain = new ArrayList<>(data.size());
    for (Object value : data) {
      if (value instanceof List<?> list) {
        plain.add(decoded(spec, list));
      } else if (value instanceof Map<?, ?> map) {
        plain.add(base64(spec, map));
      } else {
        plain.add(value);
      }
    }
    return plain;
  }

  private static String base64(TensorSpec spec, Map<?, ?> map) {
    try {
      if (map.size() == 1 && map.get("b64") instanceof String encoded) {
        byte[] bytes = Base64.getDecoder().decode(encoded);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw Failures.malformed("input '" + spec.name() + "'", map, "Base64 of UTF-8");
    }
    throw Failures.malformed("input '" + spec.name() + "'", map, "{\"b64\": \"…\"}");
  }

  /** The one output as lists, or all of them by name. */
  static Object columns(Tensors outputs) {
    if (outputs.size() == 1) {
      String only = outputs.names().getFirst();
      return nested(only, outputs.get(only));
    }
    Map<String, Object> members = new LinkedHashMap<>();
    outputs.forEach((name, tensor) -> members.put(name, nested(name, tensor)));
    return members;
  }

  /** For each row the one output, or all of them by name. */
  static List<Object> rows(Tensors outputs, int rows) {
    List<Object> all = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      Tensors one = outputs.rows(row, 1);
      Map<String, Object> members = new LinkedHashMap<>();
      one.forEach((name, tensor) -> members.put(name, ((List<?>) nested(name, tensor)).getFirst()));
      all.add(members.size() == 1 ? members.values().iterator().next() : members);
    }
    return all;
  }

  private static Object nested(String name, Tensor tensor) {
    List<Object> flat = JsonTensors.list(name, tensor);
    if (tensor.rank() == 0) {
      return flat.getFirst();
    }
    List<Object> level = flat;
    for (int dimension = tensor.rank() - 1; dimension > 0; dimension--) {
      level = grouped(level, (int) tensor.dimension(dimension), groups(tensor, dimension));
    }
    return level;
  }

  /** How many lists there are at a level: the product of the dimensions outside of it. */
  private static int groups(Tensor tensor, int dimension) {
    int product = 1;
    for (int outer = 0; outer < dimension; outer++) {
      product *= (int) tensor.dimension(outer);
    }
    return product;
  }

  private static List<Object> grouped(List<Object> values, int size, int groups) {
    List<Object> lists = new ArrayList<>(groups);
    for (int group = 0; group < groups; group++) {
      lists.add(values.subList(group * size, (group + 1) * size));
    }
    return lists;
  }
}
