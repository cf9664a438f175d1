package io.platformkit.ml.schema;

/** What a caller gives for a feature. */
public enum FeatureType {
  /** A finite number, in JSON a number. */
  NUMBER,
  /** True or false, written as 1 or 0. */
  BOOLEAN,
  /** One of some words, each with the number that the model knows it by. */
  CATEGORY,
  /**
   * A day, {@code 2026-11-21}, or a moment with an offset; written as days since 1970-01-01 UTC.
   */
  DATE,
  /** Several finite numbers, as many as the feature is wide. */
  VECTOR,
  /** Any text, for an input of strings. */
  TEXT
}
