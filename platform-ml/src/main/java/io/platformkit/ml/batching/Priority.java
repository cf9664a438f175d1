package io.platformkit.ml.batching;

/** Who goes first where requests wait, and who is left out last where there is no room. */
public enum Priority {
  /** What may wait: back-fills, evaluations. */
  LOW,
  /** What nothing was said of. */
  NORMAL,
  /** What somebody waits for. */
  HIGH
}
