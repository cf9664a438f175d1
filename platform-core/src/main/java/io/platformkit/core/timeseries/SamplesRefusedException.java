package io.platformkit.core.timeseries;

import io.platformkit.core.PlatformException;

/** Some samples of a write were refused; all others of the same write are stored. */
public class SamplesRefusedException extends PlatformException {
  private static final long serialVersionUID = 1L;

  private final int refused;

  /**
   * States how many were refused and why the first one was.
   *
   * @param refused at least one
   */
  public SamplesRefusedException(int refused, String firstReason) {
    super("refused samples: %d; the first because %s".formatted(refused, firstReason));
    this.refused = refused;
  }

  /** How many samples of the write are not stored. */
  public int refused() {
    return refused;
  }
}
