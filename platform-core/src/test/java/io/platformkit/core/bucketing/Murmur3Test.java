package io.platformkit.core.bucketing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur3Test {
  @Test
  void has32BitsOfTheReference() {
    assertThat(verification(Murmur3Test::hash32)).isEqualTo(0xB0F57EE3);
  }

  @Test
  void has128BitsOfTheReference() {
    assertThat(verification(Murmur3Test::hash128)).isEqualTo(0x6384BA69);
  }

  /** Widely published values of MurmurHash3_x86_32. */
  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'', 1, 514E28B7",
    "test, 0, BA6BD213",
    "test, 9747B28C, 704B81DC",
    "'Hello, world!', 0, C0363E43",
    "'Hello, world!', 9747B28C, 24884CBA",
    "The quick brown fox jumps over the lazy dog, 0, 2E4FF723",
    "The quick brown fox jumps over the lazy dog, 9747B28C, 2FA826CD",
  })
  void textsHaveThePublishedHashes(String text, String seed, String hash) {
    assertThat(Murmur3.x86Hash32(text.getBytes(UTF_8), Integer.parseUnsignedInt(seed, 16)))
        .isEqualTo(Integer.parseUnsignedInt(hash, 16));
  }

  /**
   * The verification of SMHasher: hashes of 0 to 255 bytes, hashed together.
   *
   * @see <a href="https://github.com/aappleby/smhasher/blob/master/src/KeysetTest.cpp">SMHasher,
   *     VerificationTest</a>
   */
  private static int verification(BiFunction<byte[], Integer, ByteBuffer> hash) {
    ByteBuffer all = ByteBuffer.allocate(256 * 16);
    for (int length = 0; length < 256; length++) {
      byte[] key = new byte[length];
      for (int i = 0; i < length; i++) {
        key[i] = (byte) i;
      }
      all.put(hash.apply(key, 256 - length));
    }
    byte[] hashes = new byte[all.flip().remaining()];
    all.get(hashes);
    return hash.apply(hashes, 0).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }

  private static ByteBuffer hash32(byte[] bytes, int seed) {
    return ByteBuffer.allocate(4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(Murmur3.x86Hash32(bytes, seed))
        .flip();
  }

  private static ByteBuffer hash128(byte[] bytes, int seed) {
    Murmur3.Hash128 hash = Murmur3.x64Hash128(bytes, seed);
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(hash.first())
        .putLong(hash.second())
        .flip();
  }
}
