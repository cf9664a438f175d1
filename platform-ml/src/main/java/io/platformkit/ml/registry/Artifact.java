package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where the bytes of a version are, and what they must be.
 *
 * @param location what the {@link ArtifactStore} called the place; a name, see {@link
 *     Bounds#requireName}
 * @param sha256 of all bytes, as 64 lower-case hexadecimal digits
 * @param bytes how many there are
 */
public record Artifact(String location, String sha256, long bytes) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Checks. */
  public Artifact {
    Bounds.requireName("location", location);
    requireSha256(sha256);
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "bytes was '%d' but it must be zero or more".formatted(bytes));
    }
  }

  static String requireSha256(String sha256) {
    Objects.requireNonNull(sha256, "sha256");
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256 had %d characters but it must be 64 lower-case hexadecimal digits"
              .formatted(sha256.length()));
    }
    return sha256;
  }
}
