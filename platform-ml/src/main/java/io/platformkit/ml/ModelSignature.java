package io.platformkit.ml;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What goes into a model and what comes out.
 *
 * @param inputs in the model's order; names differ
 * @param outputs in the model's order; names differ
 */
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
  public ModelSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    requireNames("input", inputs);
    requireNames("output", outputs);
  }

  private static void requireNames(String what, List<TensorSpec> specs) {
    Set<String> names = new HashSet<>();
    for (TensorSpec spec : specs) {
      if (!names.add(spec.name())) {
        throw new IllegalArgumentException(
            "%s '%s' was given twice but names must differ".formatted(what, spec.name()));
      }
    }
  }

  /** The input of a name. */
  public Optional<TensorSpec> input(String name) {
    return find(inputs, name);
  }

  /** The output of a name. */
  public Optional<TensorSpec> output(String name) {
    return find(outputs, name);
  }

  private static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /**
   * Whether rows of several callers may be computed together: each input and output has a free
   * first dimension, and no other.
   */
  public boolean isBatchable() {
    return !inputs.isEmpty()
        && Stream.concat(inputs.stream(), outputs.stream()).allMatch(TensorSpec::hasRows);
  }

  /** A tensor for each input, of so many rows; for models that are {@link #isBatchable}. */
  public Tensors allocateInputs(int rows) {
    return allocate(inputs, rows);
  }

  /** A tensor for each output, of so many rows; for models that are {@link #isBatchable}. */
  public Tensors allocateOutputs(int rows) {
    return allocate(outputs, rows);
  }

  private static Tensors allocate(List<TensorSpec> specs, int rows) {
    Map<String, Tensor> made = new LinkedHashMap<>();
    specs.forEach(spec -> made.put(spec.name(), spec.allocate(rows)));
    return Tensors.of(made);
  }

  /**
   * Checks that there is a tensor for each input, and no other.
   *
   * @throws ModelInputException naming model, input, what was expected and what was given
   */
  public void requireInputs(VersionId id, Tensors given) {
    for (TensorSpec spec : inputs) {
      Optional<Tensor> tensor = given.find(spec.name());
      if (tensor.filter(spec::accepts).isEmpty()) {
        String form = tensor.map(Tensor::toString).orElse("nothing");
        throw new ModelInputException(id, spec.name(), spec.form(), form);
      }
    }
    given.forEach((name, tensor) -> {
      if (input(name).isEmpty()) {
        List<String> known = inputs.stream().map(TensorSpec::name).toList();
        throw new ModelInputException(id, name, "one of the inputs " + known, tensor.toString());
      }
    });
  }

  /**
   * Checks tensors that outputs are to be written into; not each output needs one.
   *
   * @throws IllegalArgumentException naming model, output, what was expected and what was given
   */
  public void requireOutputs(VersionId id, Tensors given) {
    given.forEach((name, tensor) -> {
      TensorSpec spec = output(name).orElseThrow(() -> unknownOutput(id, name));
      if (!spec.accepts(tensor)) {
        throw new IllegalArgumentException(
            "%s: output '%s' was %s but it must be %s".formatted(id, name, tensor, spec.form()));
      }
    });
  }

  /**
   * How many rows the inputs have, of a model that is {@link #isBatchable}.
   *
   * @throws ModelInputException naming an input that has more or fewer than the first one
   */
  public int requireSameRows(VersionId id, Tensors given) {
    int rows = given.get(inputs.getFirst().name()).rows();
    given.forEach((name, tensor) -> {
      if (tensor.rows() != rows) {
        String expected = "of as many rows as the others, %d".formatted(rows);
        throw new ModelInputException(id, name, expected, tensor.toString());
      }
    });
    return rows;
  }

  /**
   * Checks that tensors that outputs are to be written into have as many rows as the inputs.
   *
   * @throws IllegalArgumentException naming model, output, what was expected and what was given
   */
  public void requireRows(VersionId id, Tensors given, int rows) {
    given.forEach((name, tensor) -> {
      if (tensor.rows() != rows) {
        throw new IllegalArgumentException(
            "%s: output '%s' had %d rows but it must have %d, as the inputs"
                .formatted(id, name, tensor.rows(), rows));
      }
    });
  }

  private IllegalArgumentException unknownOutput(VersionId id, String name) {
    List<String> known = outputs.stream().map(TensorSpec::name).toList();
    return new IllegalArgumentException(
        "%s: output '%s' is unknown but it must be one of %s".formatted(id, name, known));
  }
}
