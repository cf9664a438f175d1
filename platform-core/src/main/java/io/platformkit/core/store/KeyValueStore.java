package io.platformkit.core.store;

import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.UnavailableException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes under a key, with expiry and versions. Every call blocks: bring a virtual thread, never a
 * Netty loop. Safe for concurrent use.
 *
 * <p>Promises, kept by every implementation and proved by {@code KeyValueStoreContract}:
 *
 * <ul>
 *   <li>One key is linearizable, on one primary. Calls for many keys are one round trip, and no
 *       snapshot: each key by itself.
 *   <li>A version is a random number that its writer made. None is ever used again, also after a
 *       delete, an expiry or a server that lost its data, and versions have no order.
 *   <li>What is expired is absent, also for {@link #compareAndSet}. The time is the server's; in
 *       memory and in SQLite, the clock that was given.
 *   <li>A change that was acknowledged is seen by every later read. The adapter asks again when an
 *       answer is lost, with the same version: who has won is never told of a conflict.
 * </ul>
 *
 * <p>Keys are names, see {@link io.platformkit.core.Bounds#requireName}. Values have at most 1 MiB
 * unless the adapter was told otherwise. Any call may throw:
 *
 * <ul>
 *   <li>{@link IllegalArgumentException} or {@link NullPointerException}, naming the argument, the
 *       value and the rule
 *   <li>{@link IllegalStateException} if the store is closed
 *   <li>{@link UnavailableException} if the server was not asked: nothing was done
 *   <li>{@link OutcomeUnknownException} if nobody knows; a read never throws it
 * </ul>
 */
public interface KeyValueStore extends AutoCloseable {
  /** The version of a key that is absent. */
  long ABSENT = 0;

  /** Most entries of a page. */
  int MAX_PAGE = 1000;

  /** What a store may or may not be able to do. */
  enum Capability {
    /**
     * {@link #scan}; without it, scanning is refused with {@link UnsupportedOperationException}.
     */
    SCAN
  }

  /** The value of a key, if it is there. */
  Optional<Versioned> get(String key);

  /** The values of those keys that are there. */
  Map<String, Versioned> getAll(Collection<String> keys);

  /**
   * Sets a key, whatever it was.
   *
   * @param value copied or sent before this returns
   * @return the new version
   */
  long put(String key, byte[] value, Ttl ttl);

  /** Sets each of the keys, with a version of its own; not all or none. */
  void putAll(Map<String, byte[]> entries, Ttl ttl);

  /**
   * Sets a key if it has the version.
   *
   * @param expected {@link #ABSENT} if the key must not be there
   */
  Cas compareAndSet(String key, long expected, byte[] value, Ttl ttl);

  /** Removes a key; whether it was there. */
  boolean delete(String key);

  /**
   * Removes a key if it has the version.
   *
   * <p>A removed key has no version to tell who removed it: when an answer is lost, this throws
   * {@link OutcomeUnknownException}, and a second call says that the key is absent.
   *
   * @param expected {@link #ABSENT} is stored if the key is absent, and a conflict if not
   */
  Cas deleteIf(String key, long expected);

  /**
   * The keys that begin with a prefix, in the order of their bytes. Weakly consistent: what is
   * there during the whole scan is found once; what comes or goes meanwhile may be found or not.
   *
   * @param prefix empty for all keys
   * @param after the key to go on after; null to begin
   * @param limit entries of the page, from 1 to {@value #MAX_PAGE}; a page may have fewer
   * @throws UnsupportedOperationException if the namespace was not opened as scannable
   */
  Page scan(String prefix, @Nullable String after, int limit);

  /** What this store can do. */
  Set<Capability> capabilities();

  /** Releases what the store itself opened. Any number of calls. */
  @Override
  void close();
}
