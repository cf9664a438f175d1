package io.platformkit.core.cache;

import io.platformkit.core.PlatformException;

/** A cache could not do what it was asked; {@link #cache} says which one. */
public class CacheException extends PlatformException {
  private static final long serialVersionUID = 1L;

  private final String cache;

  /** States which cache it was. */
  public CacheException(String cache, String message, Throwable cause) {
    super(message, cause);
    this.cache = cache;
  }

  /** States which cache it was. */
  public CacheException(String cache, String message) {
    super(message);
    this.cache = cache;
  }

  /** The name of the cache. */
  public String cache() {
    return cache;
  }
}
