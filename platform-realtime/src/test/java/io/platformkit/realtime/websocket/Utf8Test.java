package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  private static final long SEED = 20_261_121;

  @Test
  void everyCodePointIsRight() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      byte[] bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
      if (!surrogate) {
        assertThat(isText(bytes)).as("U+%04X", point).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080",
        "c1bf",
        "e08080",
        "e09fbf",
        "f0808080",
        "f08fbfbf",
        "eda080",
        "edbfbf",
        "f4908080",
        "f5808080",
        "f8808080",
        "ff",
        "fe",
        "80",
        "c3",
        "e282",
        "f09f98",
        "c3c3",
        "41c3",
      })
  void whatIsNoTextIsRefused(String hex) {
    assertThat(isText(HexFormat.of().parseHex(hex))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0", "c1", "e080", "ed a0", "f080", "f490", "f5", "80", "ce ba ff"})
  void aWrongByteIsFoundWhenItComes(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(new Utf8().accepts(Unpooled.wrappedBuffer(bytes))).isFalse();
  }

  @Test
  void itAgreesWithTheDecoderOfTheJdkHoweverBytesAreCut() {
    RandomGenerator random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = nearlyText(random);
      assertThat(isTextInParts(bytes, random))
          .as("seed %d, %s", SEED, HexFormat.of().formatHex(bytes))
          .isEqualTo(isTextForTheJdk(bytes));
    }
  }

  private static byte[] nearlyText(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i >= 0; i--) {
      int bits = random.nextInt(1, 21);
      int point = Math.min(random.nextInt(1 << bits), Character.MAX_CODE_POINT);
      text.appendCodePoint(point);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static boolean isText(byte[] bytes) {
    Utf8 text = new Utf8();
    return text.accepts(Unpooled.wrappedBuffer(bytes)) && text.isComplete();
  }

  private static boolean isTextInParts(byte[] bytes, RandomGenerator random) {
    Utf8 text = new Utf8();
    ByteBuf rest = Unpooled.wrappedBuffer(bytes);
    while (rest.isReadable()) {
      if (!text.accepts(rest.readSlice(random.nextInt(1, rest.readableBytes() + 1)))) {
        return false;
      }
    }
    return text.isComplete();
  }

  private static boolean isTextForTheJdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
