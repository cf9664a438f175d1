package io.platformkit.ml;

/** A model that is written in Java. Called by many threads at once. */
@FunctionalInterface
public interface ModelFunction {
  /**
   * Computes the outputs of some rows.
   *
   * @param inputs by name; only to read
   * @param outputs by name, with as many rows; all elements are to be written
   */
  void run(Tensors inputs, Tensors outputs) throws Exception;
}
