/**
 * The realtime server: sessions, what clients may say, and the sockets that carry it.
 *
 * <p>Read {@link io.platformkit.realtime.server.RealtimeServer} first.
 */
@NullMarked
package io.platformkit.realtime.server;

import org.jspecify.annotations.NullMarked;
