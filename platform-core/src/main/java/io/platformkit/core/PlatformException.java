package io.platformkit.core;

/**
 * The world failed: a server, a disk, a library that we called. A caller's mistake is one of the
 * JDK's exceptions, and an expected outcome is a value.
 *
 * <p>Modules extend it and carry the ids of what failed as fields; the cause is kept.
 */
public class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlatformException(String message) {
    super(message);
  }

  public PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
