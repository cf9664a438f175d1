/**
 * Messages to whoever listens now: the {@link io.platformkit.core.bus.MessageBus} port, its
 * embedded default, and what adapters share ({@link io.platformkit.core.bus.Subscribers}).
 */
@NullMarked
package io.platformkit.core.bus;

import org.jspecify.annotations.NullMarked;
