package io.platformkit.core.cache;

import io.platformkit.core.store.KeyValueStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store that may be slow or down: every call has a limit, and a failure is an answer. */
final class Tier {
  private static final Logger log = LoggerFactory.getLogger(Tier.class);

  final TierCounters counters;
  private final String cache;
  private final KeyValueStore store;
  private final Watch reads;
  private final Watch changes;
  private final Circuit circuit;

  Tier(
      String cache,
      TierCounters counters,
      KeyValueStore store,
      Watch reads,
      Watch changes,
      Circuit circuit) {
    this.cache = cache;
    this.counters = counters;
    this.store = store;
    this.reads = reads;
    this.changes = changes;
    this.circuit = circuit;
  }

  /**
   * Asks the store if it has answered of late.
   *
   * @return null if it was not asked, or has failed
   * @throws CallerInterruptedException if this thread was interrupted; its flag is kept
   */
  <T> @Nullable T ask(Function<KeyValueStore, T> call) {
    if (!circuit.admits()) {
      counters.skipped.increment();
      return null;
    }
    try {
      T answer = reads.within(() -> call.apply(store));
      circuit.succeeded();
      return answer;
    } catch (Watch.OverdueException failure) {
      counters.timeouts.increment();
      failed(failure);
    } catch (IllegalArgumentException refused) { // a value that is too large, say
      counters.failures.increment();
      log.warn("{} of cache '{}' refused a call", counters.tier, cache, refused);
    } catch (RuntimeException failure) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CallerInterruptedException(cache, failure);
      }
      counters.failures.increment();
      failed(failure);
    }
    return null;
  }

  private void failed(RuntimeException failure) {
    if (circuit.failed()) {
      log.warn("{} of cache '{}' fails and is left alone", counters.tier, cache, failure);
    } else {
      log.debug("{} of cache '{}' failed", counters.tier, cache, failure);
    }
  }

  boolean isScannable() {
    return store.capabilities().contains(KeyValueStore.Capability.SCAN);
  }

  /** Asks the store, whatever was before; what it throws comes out. */
  <T> T require(Function<KeyValueStore, T> call) {
    try {
      return changes.within(() -> call.apply(store));
    } catch (Watch.OverdueException failure) {
      counters.timeouts.increment();
      throw failure;
    } catch (RuntimeException failure) {
      counters.failures.increment();
      throw failure;
    }
  }

  /** The thread that called was interrupted by somebody else; its flag is set. */
  static final class CallerInterruptedException extends CacheException {
    private static final long serialVersionUID = 1L;

    CallerInterruptedException(String cache, Throwable cause) {
      super(cache, "interrupted in a call of cache '%s'".formatted(cache), cause);
    }
  }
}
