package io.platformkit.core.jdbc;

/** What a failed statement means. */
enum Failure {
  /** The database undid it and may do it next time: a deadlock, a lock that was not to be had. */
  UNDONE,
  /** The connection is gone; whether the statement was done depends on what it was. */
  BROKEN,
  /** The database takes no work at present, and has done nothing. */
  DOWN,
  /** The same would fail again; nothing was done. */
  REFUSED
}
