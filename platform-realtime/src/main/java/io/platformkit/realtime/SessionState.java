package io.platformkit.realtime;

/** How a session goes; the same words as the browser's client shows. */
public enum SessionState {
  /** It is not known yet who it is. */
  CONNECTING,
  /** Messages go out as they come. */
  STREAMING,
  /** It gets what it missed from the history. */
  SYNCING,
  /** It is connected, but what it should get can't be read at present. */
  DEGRADED,
  /** The connection has ended. */
  OFFLINE
}
