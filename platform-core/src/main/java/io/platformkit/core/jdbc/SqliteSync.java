package io.platformkit.core.jdbc;

/** When SQLite waits for the disk. */
public enum SqliteSync {
  /** Before each commit is acknowledged: what was acknowledged survives a loss of power. */
  FULL,
  /**
   * At checkpoints alone: a loss of power, or a crash of the operating system, may undo the commits
   * of the last moments, acknowledged or not. The file stays consistent, and a killed process loses
   * nothing.
   */
  NORMAL
}
