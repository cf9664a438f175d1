package io.platformkit.ml.registry;

/** A watch of one model, made by {@link ModelRegistry#watch}. */
public interface ModelWatch extends AutoCloseable {
  /**
   * Ends it; unless called by the listener itself, the listener is not running when this returns.
   * Any number of calls.
   */
  @Override
  void close();
}
