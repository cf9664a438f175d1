/**
 * A chat in rooms, in a browser: on one node in memory, or on two that share a Redis.
 *
 * <p>Read {@link io.platformkit.examples.chat.ChatServer} first.
 */
@NullMarked
package io.platformkit.examples.chat;

import org.jspecify.annotations.NullMarked;
