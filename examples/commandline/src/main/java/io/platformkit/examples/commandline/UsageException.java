package io.platformkit.examples.commandline;

/** A program cannot start as it was asked to; the message is for the person who asked. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong, and what to do instead. */
  public UsageException(String message) {
    super(message);
  }

  /** As {@link #UsageException(String)}. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
