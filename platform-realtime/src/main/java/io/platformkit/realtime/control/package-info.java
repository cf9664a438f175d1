/**
 * The paths over HTTP that any host of a realtime server may mount: who is connected, what was said
 * in a room, publishing and messages without a socket, and streams of events, of notifications and
 * of progress.
 *
 * <p>Read {@link io.platformkit.realtime.control.ControlPlane} first.
 */
@NullMarked
package io.platformkit.realtime.control;

import org.jspecify.annotations.NullMarked;
