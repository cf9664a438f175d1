package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** RFC 6455 §5.3. */
class MaskTest {
  private static final long SEED = 4711;

  @Test
  void everyLengthIsUnmaskedFromEveryOffset() {
    RandomGenerator random = new SplittableRandom(SEED);
    for (int length = 0; length < 40; length++) {
      for (long offset = 0; offset < 9; offset++) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int key = random.nextInt();
        ByteBuf payload = Unpooled.copiedBuffer(bytes);

        Mask.remove(payload, key, offset);

        assertThat(payload)
            .as("seed %d, key %08x", SEED, key)
            .isEqualTo(expected(bytes, key, offset));
      }
    }
  }

  private static ByteBuf expected(byte[] bytes, int key, long offset) {
    byte[] octets = {(byte) (key >> 24), (byte) (key >> 16), (byte) (key >> 8), (byte) key};
    byte[] unmasked = bytes.clone();
    for (int i = 0; i < unmasked.length; i++) {
      unmasked[i] ^= octets[(int) ((i + offset) % 4)];
    }
    return Unpooled.wrappedBuffer(unmasked);
  }
}
