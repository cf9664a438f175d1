package io.platformkit.ml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Runs a function in Java as a model. */
public final class FunctionRunner implements ModelRunner {
  private final VersionId id;
  private final ModelSignature signature;
  private final ModelFunction function;
  private final RunGuard guard;

  private FunctionRunner(VersionId id, ModelSignature signature, ModelFunction function) {
    this.id = id;
    this.signature = signature;
    this.function = function;
    this.guard = new RunGuard(id.toString());
  }

  /**
   * A runner of a function.
   *
   * @param signature must be {@link ModelSignature#isBatchable}, for the outputs have as many rows
   *     as the inputs
   */
  public static FunctionRunner of(VersionId id, ModelSignature signature, ModelFunction function) {
    Objects.requireNonNull(function, "function");
    if (!signature.isBatchable()) {
      throw new IllegalArgumentException(
          "signature was %s but the first dimension of each tensor must be free, and no other"
              .formatted(signature));
    }
    return new FunctionRunner(id, signature, function);
  }

  @Override
  public VersionId id() {
    return id;
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  /** Nothing that could be counted. */
  @Override
  public OptionalLong memoryBytes() {
    return OptionalLong.of(0);
  }

  @Override
  public Binding bind(Tensors inputs, Tensors outputs) {
    guard.requireOpen();
    signature.requireInputs(id, inputs);
    int rows = signature.requireSameRows(id, inputs);
    signature.requireOutputs(id, outputs);
    signature.requireRows(id, outputs, rows);
    return new Bound(inputs, outputs, rows);
  }

  @Override
  public void close() {
    guard.close(() -> {});
  }

  private final class Bound implements Binding {
    private final Tensors inputs;
    private final Tensors outputs;
    private final int rows;
    private final boolean complete;

    Bound(Tensors inputs, Tensors outputs, int rows) {
      this.inputs = inputs;
      this.outputs = outputs;
      this.rows = rows;
      this.complete = outputs.size() == signature.outputs().size();
    }

    @Override
    public Tensors run() {
      guard.enter();
      try {
        Tensors all = complete ? outputs : withAllocated();
        function.run(inputs, all);
        return all;
      } catch (Exception failure) {
        if (failure instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        throw new ModelException(id, "the function failed: " + failure.getMessage(), failure);
      } finally {
        guard.leave();
      }
    }

    private Tensors withAllocated() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      for (TensorSpec spec : signature.outputs()) {
        all.put(spec.name(), outputs.find(spec.name()).orElseGet(() -> spec.allocate(rows)));
      }
      return Tensors.of(all);
    }

    @Override
    public void close() {}
  }
}
