package io.platformkit.core;

/**
 * A server was asked and nobody knows whether it did it: the connection broke or the time was up
 * before the answer came. The adapter has asked again as often as its time allowed.
 *
 * <p>Not a failure: what was asked may have been done. Read what is there before doing it again, or
 * use an operation that may be repeated, such as an append with a key.
 */
public class OutcomeUnknownException extends PlatformException {
  private static final long serialVersionUID = 1L;

  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
