package io.platformkit.core.cache;

/** The loader threw; the cause is what it threw. Each caller that waited gets its own. */
public class LoadFailedException extends CacheException {
  private static final long serialVersionUID = 1L;

  /** States which cache's loader threw what. */
  public LoadFailedException(String cache, Throwable cause) {
    super(cache, "the loader of cache '%s' failed".formatted(cache), cause);
  }
}
