package io.platformkit.core;

/**
 * How long proofs run that take more than a minute in full: shortened by default, whole where the
 * system property {@code platform.proofs} is {@code full}, as {@code -Pfull} sets it.
 */
public final class Proofs {
  private static final boolean FULL = "full".equals(System.getProperty("platform.proofs"));

  private Proofs() {}

  /** How often to repeat a proof. */
  public static int times(int shortened, int full) {
    return FULL ? full : shortened;
  }
}
