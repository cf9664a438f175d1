package io.platformkit.benchmarks.ranker;

/** Of what others declare checked exceptions for. */
final class Closing {
  private Closing() {}

  static void quietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception failure) {
      throw new IllegalStateException("could not be closed", failure);
    }
  }
}
