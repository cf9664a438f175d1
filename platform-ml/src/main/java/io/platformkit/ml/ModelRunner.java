package io.platformkit.ml;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model in memory, ready to compute. Safe for concurrent use: each {@link Binding} is used by one
 * thread at a time, and different bindings by different threads at once.
 */
public interface ModelRunner extends AutoCloseable {
  /** Which version it is. */
  VersionId id();

  /** What goes in and what comes out. */
  ModelSignature signature();

  /**
   * Prepares runs on these tensors, so that each run reads the inputs' elements of that moment and
   * overwrites the outputs, without a copy and without garbage.
   *
   * @param inputs one for each input, by name
   * @param outputs by name; those that are missing are allocated by the runner at each run, which
   *     it must do where it cannot know the shape before
   * @throws ModelInputException if an input is missing, unknown, or of another type or shape
   * @throws IllegalArgumentException if an output is unknown, or of another type or shape
   * @throws IllegalStateException if the runner is closed
   */
  Binding bind(Tensors inputs, Tensors outputs);

  /** Prepares runs, makes one, and gives its outputs: for who does not run it again. */
  default Tensors run(Tensors inputs) {
    try (Binding binding = bind(inputs, Tensors.none())) {
      return binding.run();
    }
  }

  /**
   * What computes, and in which format the model was, as the Open Inference Protocol writes it:
   * {@code "onnx_onnxv1"}.
   */
  default String platform() {
    return "java_function";
  }

  /** What it holds, in bytes, if the runner knows. */
  default OptionalLong memoryBytes() {
    return OptionalLong.empty();
  }

  /** Why it runs worse than it was asked to, if it does: {@code "on CPU: no CUDA 12"}. */
  default Optional<String> degradation() {
    return Optional.empty();
  }

  /** Waits for runs under way and gives everything back. Later runs are refused. */
  @Override
  void close();

  /** Tensors that are ready to run on. */
  interface Binding extends AutoCloseable {
    /**
     * Computes the outputs. Blocks.
     *
     * @return all outputs by name, in the model's order: those that were bound, and those that were
     *     allocated for this run
     * @throws ModelException if the run failed; the outputs' elements are not defined then
     * @throws IllegalStateException if the runner or this binding is closed
     */
    Tensors run();

    /** Gives back what was prepared; the tensors stay. */
    @Override
    void close();
  }
}
