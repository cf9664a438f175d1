package io.platformkit.core.cache;

import java.util.Optional;

/**
 * A key's value as tiers hold it.
 *
 * @param value empty if there is none
 * @param expiresAt milliseconds since the epoch
 */
record Stored<V>(Optional<V> value, long expiresAt) {}
