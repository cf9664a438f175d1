package io.platformkit.realtime;

/** What becomes of a message that a connection has no room for, because its client reads slowly. */
public enum SlowConsumers {
  /**
   * The oldest messages that wait make room, and are counted. On a topic with history nothing is
   * dropped: the client gets what it missed from the history as soon as it has room, or a gap if
   * that is gone by then.
   */
  DROP_OLDEST,
  /** The connection is closed with {@link CloseReason#SLOW}. */
  DISCONNECT
}
