package io.platformkit.realtime;

/**
 * Takes the messages of one type. Called on a virtual thread; one session's messages come one after
 * the other, in the order in which they were sent; may block.
 *
 * @param <T> what payloads are read as
 */
@FunctionalInterface
public interface MessageHandler<T> {
  /**
   * Takes one message. {@link Session#reply} answers it; if it does not, and the client asked for
   * an answer, that says that it is done.
   *
   * @throws IllegalArgumentException the client's mistake; it is told the message
   * @throws Exception anything else is a fault of ours: the client is told an id and no detail, the
   *     log the same id with the stack trace
   */
  void handle(Session session, T payload) throws Exception;
}
