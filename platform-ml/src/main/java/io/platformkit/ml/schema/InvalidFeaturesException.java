package io.platformkit.ml.schema;

import java.util.List;
import java.util.stream.Collectors;

/** Features that a model can't take; all faults together. */
public final class InvalidFeaturesException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<FeatureFault> faults;

  /** With at least one fault. */
  InvalidFeaturesException(List<FeatureFault> faults) {
    super(faults.stream().map(FeatureFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** What is wrong, in the schema's order. */
  public List<FeatureFault> faults() {
    return faults;
  }
}
