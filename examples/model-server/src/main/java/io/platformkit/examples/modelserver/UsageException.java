package io.platformkit.examples.modelserver;

/** The server cannot start as it was asked to; the message is for the person who asked. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
