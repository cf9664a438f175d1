package io.platformkit.core.identity;

import java.util.Locale;

/** Why credentials are wrong: few words, so that metrics can count them. */
public enum Refusal {
  /** They cannot be read, or are of a kind that nobody knows. */
  MALFORMED,
  /** They are longer than allowed; they were not read. */
  TOO_LONG,
  /** No such key: it was never made, it was revoked, or it expired long ago. */
  UNKNOWN_KEY,
  /** The key is there and its secret another one. */
  WRONG_SECRET,
  /** The algorithm is not one of the pinned ones, {@code none} among others. */
  ALGORITHM,
  /** The signature does not fit. */
  SIGNATURE,
  /** They were right until a moment ago. */
  EXPIRED,
  /** They will be right. */
  NOT_YET_VALID,
  /** They were issued by somebody else. */
  ISSUER,
  /** They were issued for somebody else. */
  AUDIENCE,
  /** What they say makes no principal. */
  CLAIMS,
  /** The host's own reason. */
  OTHER;

  /** As logs and metrics show it: {@code "wrong-secret"}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether it may be somebody's guess. What has expired once was right: its signature or its
   * secret fits.
   */
  public boolean isGuess() {
    return this != EXPIRED && this != NOT_YET_VALID;
  }
}
