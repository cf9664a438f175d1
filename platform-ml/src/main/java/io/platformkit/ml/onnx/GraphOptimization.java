package io.platformkit.ml.onnx;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/** How far ONNX Runtime rewrites a model at its load. */
public enum GraphOptimization {
  /** Not at all: to compare with. */
  NONE,
  /** Constants are folded and what is redundant goes. */
  BASIC,
  /** Also, neighbouring operators become one where the provider has it. */
  EXTENDED,
  /** Also, the layout of memory is changed to what the provider likes. */
  ALL;

  OptLevel level() {
    return switch (this) {
      case NONE -> OptLevel.NO_OPT;
      case BASIC -> OptLevel.BASIC_OPT;
      case EXTENDED -> OptLevel.EXTENDED_OPT;
      case ALL -> OptLevel.ALL_OPT;
    };
  }
}
