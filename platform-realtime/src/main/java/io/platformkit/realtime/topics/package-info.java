/**
 * Topics on one node: who receives what, in which order, from the bus or from a log with history.
 *
 * <p>{@link io.platformkit.realtime.topics.Topics} is the door. A {@link
 * io.platformkit.realtime.topics.Lane} stands for one event loop: what is published is handed to
 * each lane once, however many of its connections receive it.
 */
@NullMarked
package io.platformkit.realtime.topics;

import org.jspecify.annotations.NullMarked;
