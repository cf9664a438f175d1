/**
 * Append-only streams: the {@link io.platformkit.core.log.EventLog} port, its embedded default, and
 * what adapters share ({@link io.platformkit.core.log.Tails}).
 */
@NullMarked
package io.platformkit.core.log;

import org.jspecify.annotations.NullMarked;
