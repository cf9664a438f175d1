package io.platformkit.core.cache;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What all who ask for a key wait for while it is loaded. */
final class Load<V> {
  private final CompletableFuture<Optional<V>> outcome = new CompletableFuture<>();

  boolean complete(Optional<V> value) {
    return outcome.complete(value);
  }

  /**
   * Ends it with what the loader threw, or with a {@link CacheException}, of which each caller gets
   * one of the same kind.
   */
  boolean fail(Throwable failure) {
    return outcome.completeExceptionally(failure);
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** Waits until it has ended, by its own limit at the latest. */
  Optional<V> await(CacheSettings settings) {
    try {
      return outcome.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(
          settings.name(),
          "interrupted while waiting for a load of cache '%s'".formatted(settings.name()),
          e);
    } catch (ExecutionException e) {
      throw settings.failure(e.getCause());
    }
  }
}
