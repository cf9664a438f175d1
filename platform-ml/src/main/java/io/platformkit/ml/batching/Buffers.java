package io.platformkit.ml.batching;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lane's tensors of the largest size, and runs on their first rows. For one thread at a time. */
final class Buffers implements AutoCloseable {
  private final ModelRunner runner;
  private final Sizes sizes;
  private final Tensors inputs;
  private final Tensors outputs;
  private final Tensor[] in; // in the signature's order
  private final Tensor[] out;
  private final ModelRunner.@Nullable Binding[] bindings; // by size, made when first needed

  Buffers(ModelRunner runner, Sizes sizes) {
    this.runner = runner;
    this.sizes = sizes;
    this.inputs = runner.signature().allocateInputs(sizes.most());
    this.outputs = runner.signature().allocateOutputs(sizes.most());
    this.in = ordered(runner.signature().inputs(), inputs);
    this.out = ordered(runner.signature().outputs(), outputs);
    this.bindings = new ModelRunner.Binding[sizes.count()];
  }

  private static Tensor[] ordered(List<TensorSpec> specs, Tensors tensors) {
    return specs.stream().map(spec -> tensors.get(spec.name())).toArray(Tensor[]::new);
  }

  /** Takes rows of a request. */
  void copyIn(int row, @Nullable Tensor[] source, int from, int count) {
    for (int i = 0; i < in.length; i++) {
      Tensor given = source[i];
      if (given != null) {
        in[i].copyRows(row, given, from, count);
      }
    }
  }

  /** Gives rows to a request, of the outputs that it wants. */
  void copyOut(int row, @Nullable Tensor[] target, int to, int count) {
    for (int i = 0; i < out.length; i++) {
      Tensor wanted = target[i];
      if (wanted != null) {
        wanted.copyRows(to, out[i], row, count);
      }
    }
  }

  /** Fills the rows after one, up to a number of rows in all, with its values. */
  void repeatRow(int row, int end) {
    for (int next = row + 1; next < end; next++) {
      for (Tensor each : in) {
        each.copyRows(next, each, row, 1);
      }
    }
  }

  /** Runs one size. */
  void run(int size) {
    binding(size).run();
  }

  private ModelRunner.Binding binding(int index) {
    ModelRunner.Binding binding = bindings[index];
    if (binding == null) {
      int size = sizes.get(index);
      binding = runner.bind(inputs.rows(0, size), outputs.rows(0, size));
      bindings[index] = binding;
    }
    return binding;
  }

  @Override
  public void close() {
    for (int i = 0; i < bindings.length; i++) {
      ModelRunner.Binding binding = bindings[i];
      if (binding != null) {
        binding.close();
        bindings[i] = null;
      }
    }
  }
}
