/**
 * Realtime transport: WebSocket and server-sent events on Netty, with topics, rooms, and history
 * with exact resume.
 */
@NullMarked
package io.platformkit.realtime;

import org.jspecify.annotations.NullMarked;
