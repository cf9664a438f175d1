package io.platformkit.realtime;

import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One client that is connected: a WebSocket, or a stream of server-sent events. Safe for concurrent
 * use. Made by the server.
 *
 * <p>After its end {@link #send} and what goes with it do nothing, and {@link #request} fails.
 */
public interface Session {
  /** Its id; new at each connection, and not to be guessed. */
  String id();

  /** Who it is; empty if the server asks nobody. */
  Optional<Principal> principal();

  /** From where it came, behind declared proxies. */
  InetSocketAddress peer();

  /** What carries it: {@code "websocket"} or {@code "sse"}. */
  String transport();

  /** How it goes. */
  SessionState state();

  /** What the host keeps with it; gone with it. */
  ConcurrentMap<String, Object> attributes();

  /** The topics and rooms that it receives. */
  Set<String> topics();

  /**
   * Sends one message to this client alone, at most once.
   *
   * @throws IllegalArgumentException if it is larger than messages may be
   */
  void send(String type, @Nullable Object payload);

  /**
   * Sends bytes that are no envelope, as they are; a stream of events can't.
   *
   * @throws UnsupportedOperationException if it is one
   */
  void send(byte[] payload);

  /**
   * Answers the message whose handler runs.
   *
   * @throws IllegalStateException outside of a handler, and the second time in it
   */
  void reply(@Nullable Object payload);

  /**
   * Sends one message and waits for the client's answer.
   *
   * @return the payload of the answer as JSON; fails with {@link
   *     java.util.concurrent.TimeoutException}, or with {@link java.io.IOException} if the
   *     connection ends before
   */
  CompletableFuture<byte[]> request(String type, @Nullable Object payload, Duration timeout);

  /** Lets it receive a topic, as if its client had asked and were allowed to. Blocks. */
  void subscribe(String topic);

  /**
   * As {@link #subscribe(String)}, with what the topic's history has after a position.
   *
   * @param from {@link Position#OLDEST} for all that it has
   */
  void subscribe(String topic, Position from);

  /** Lets it receive a topic no more. */
  void unsubscribe(String topic);

  /** Lets it into a room; those who are in it are told. Blocks. */
  void join(String room);

  /** As {@link #join(String)}, with what the room's history has after a position. */
  void join(String room, Position from);

  /** Takes it out of a room; those who stay are told. */
  void leave(String room);

  /** Ends the connection. */
  void close(CloseReason why);
}
