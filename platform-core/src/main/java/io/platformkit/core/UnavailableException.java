package io.platformkit.core;

/**
 * A server could not be asked, or it refused: nothing was done, and the same may be tried again
 * later.
 */
public class UnavailableException extends PlatformException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    super(message);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
