package io.platformkit.realtime.server;

/** What became of a command that came by POST. */
enum Receipt {
  /** Its session takes it in its turn. */
  TAKEN,
  /** There is no such session, or no more. */
  GONE,
  /** The session is not the caller's. */
  ANOTHERS
}
