package io.platformkit.core.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tier holds under a key: a byte that says what it is, then, but for a reservation, eight
 * bytes of the time it expires at, then the value.
 */
final class Frames<V> {
  private static final byte RESERVATION = 0x10;
  private static final byte VALUE = 0x11;
  private static final byte NOTHING = 0x12;
  private static final int HEAD = 1 + Long.BYTES;

  private final Codec<V> codec;

  Frames(Codec<V> codec) {
    this.codec = codec;
  }

  static byte[] reservation() {
    return new byte[] {RESERVATION};
  }

  byte[] encode(Stored<V> stored) {
    byte[] value = stored.value().map(codec::encode).orElse(new byte[0]);
    return ByteBuffer.allocate(HEAD + value.length)
        .put(stored.value().isPresent() ? VALUE : NOTHING)
        .putLong(stored.expiresAt())
        .put(value)
        .array();
  }

  /**
   * The value, or null for a reservation.
   *
   * @throws RuntimeException if the bytes are nothing that this cache would write
   */
  @Nullable Stored<V> decode(byte[] bytes) {
    byte kind = bytes.length == 0 ? 0 : bytes[0];
    if (kind == RESERVATION) {
      return null;
    }
    if (bytes.length < HEAD || (kind != VALUE && kind != NOTHING)) {
      throw new IllegalArgumentException("no value of a cache");
    }
    long expiresAt = ByteBuffer.wrap(bytes).getLong(1);
    return new Stored<>(
        kind == NOTHING
            ? Optional.empty()
            : Optional.of(codec.decode(Arrays.copyOfRange(bytes, HEAD, bytes.length))),
        expiresAt);
  }
}
