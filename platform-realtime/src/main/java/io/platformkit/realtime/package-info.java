/**
 * Realtime transport: WebSocket, server-sent events and Socket.IO on Netty, with rooms, topics,
 * presence, history and dashboards.
 *
 * <p>Reserved: this module has no code yet.
 */
@NullMarked
package io.platformkit.realtime;

import org.jspecify.annotations.NullMarked;
