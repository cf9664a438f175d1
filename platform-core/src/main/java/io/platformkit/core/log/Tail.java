package io.platformkit.core.log;

/** Follows streams. Safe for concurrent use; made by {@link EventLog#tail}. */
public interface Tail extends AutoCloseable {
  /**
   * Follows one more stream, from a position on: what is there already is delivered first. Returns
   * at once.
   *
   * @throws IllegalStateException if this tail follows the stream already, or is closed
   */
  void add(String stream, Position from);

  /**
   * Follows a stream no more; unless called by the listener itself, a delivery of it that runs has
   * ended when this returns.
   */
  void remove(String stream);

  /** Follows nothing any more; a delivery that runs has ended as with {@link #remove}. */
  @Override
  void close();
}
