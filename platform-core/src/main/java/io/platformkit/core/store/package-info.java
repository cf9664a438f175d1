/**
 * Bytes under a key: the {@link io.platformkit.core.store.KeyValueStore} port and its embedded
 * default.
 */
@NullMarked
package io.platformkit.core.store;

import org.jspecify.annotations.NullMarked;
