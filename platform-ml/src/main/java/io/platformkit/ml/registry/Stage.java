package io.platformkit.ml.registry;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a version of a model is between its training and its end. {@link #next} is the whole table
 * of legal moves; every other one is refused.
 */
public enum Stage {
  /** It is being made; where every version begins. */
  TRAINING,
  /** It is ready to be tried or promoted. */
  STAGED,
  /** It answers beside production, and its answers are thrown away. */
  SHADOW,
  /** It answers a small part of what is asked. */
  CANARY,
  /** It is the one that answers: at most one version of a model. */
  PRODUCTION,
  /** Another version took over from it; {@link ModelRegistry#rollback} brings it back. */
  RETIRED,
  /** It is no good, for ever. */
  FAILED;

  /**
   * What may come after this stage. {@link #PRODUCTION} becomes {@link #RETIRED} only as another
   * version takes over, in the same step.
   */
  public Set<Stage> next() {
    Set<Stage> next =
        switch (this) {
          case TRAINING -> EnumSet.of(STAGED, FAILED);
          case STAGED -> EnumSet.of(SHADOW, CANARY, PRODUCTION, FAILED);
          case SHADOW -> EnumSet.of(CANARY, STAGED, FAILED);
          case CANARY -> EnumSet.of(PRODUCTION, STAGED, FAILED);
          case PRODUCTION -> EnumSet.of(RETIRED, STAGED);
          case RETIRED -> EnumSet.of(PRODUCTION);
          case FAILED -> EnumSet.noneOf(Stage.class);
        };
    return Collections.unmodifiableSet(next);
  }

  /** Whether another stage may come right after this one. */
  public boolean mayBecome(Stage other) {
    return next().contains(other);
  }

  /** Whether a version may be deleted: it failed, or another one took over from it. */
  public boolean mayBeDeleted() {
    return this == FAILED || this == RETIRED;
  }
}
