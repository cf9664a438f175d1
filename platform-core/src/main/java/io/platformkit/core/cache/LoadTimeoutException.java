package io.platformkit.core.cache;

import java.time.Duration;

/** A load took longer than the cache's {@code loadTimeout}; it was interrupted and given up. */
public class LoadTimeoutException extends CacheException {
  private static final long serialVersionUID = 1L;

  /** States which cache it was. */
  public LoadTimeoutException(String cache, Duration limit) {
    super(
        cache, "a load of cache '%s' took longer than its loadTimeout, %s".formatted(cache, limit));
  }
}
