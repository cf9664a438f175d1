package io.platformkit.realtime;

/**
 * Why we close a connection: what a WebSocket's close frame says, and the last event of a stream of
 * server-sent events. From 4000 on a client may come back, from 4500 on the same attempt would end
 * in the same way.
 */
public enum CloseReason {
  /** The host closed the session. */
  NORMAL(1000, "closed"),
  /** The server stops; the message before says after how long to come back. */
  DRAINING(4001, "come back later"),
  /** The credentials have expired. */
  EXPIRED(4002, "credentials expired"),
  /** The client reads more slowly than messages come. */
  SLOW(4003, "too slow"),
  /** The client did not answer a ping. */
  NO_PONG(4004, "no pong"),
  /** Nobody could tell who it is, because a store was away. */
  UNAVAILABLE(4006, "try again"),
  /** The client did not say who it is in time. */
  NOBODY(4500, "credentials missing"),
  /** The credentials are wrong, or were taken back. */
  UNAUTHORIZED(4501, "credentials refused"),
  /** The client sends too much, and did not stop when it was told. */
  TOO_MANY(4503, "too many messages"),
  /** It is known who it is, but not allowed to be here. */
  FORBIDDEN(4504, "not allowed");

  private final int code;
  private final String words;

  CloseReason(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** In words, for people. */
  public String words() {
    return words;
  }
}
