package io.platformkit.core.bus;

/** A listener of a topic. */
public interface Subscription extends AutoCloseable {
  /**
   * Delivers nothing any more; unless called by the listener itself, a call to it has ended when
   * this returns. Any number of calls.
   */
  @Override
  void close();
}
