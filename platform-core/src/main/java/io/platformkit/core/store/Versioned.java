package io.platformkit.core.store;

import java.util.Arrays;

/**
 * A value and its version. Equal if the version is and the bytes are.
 *
 * @param value belongs to the caller
 * @param version random, never used again, not ordered; more than zero
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are what a store is for; equals compares them
public record Versioned(byte[] value, long version) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Versioned that
        && version == that.version
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(version);
  }

  @Override
  public String toString() {
    return "%d bytes, version %016x".formatted(value.length, version);
  }
}
