package io.platformkit.core.bucketing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class XxHash64Test {
  private static final long SEED = 2654435761L;

  /** The self-test of the reference implementation, xxhsum's sanity check. */
  @ParameterizedTest
  @CsvSource({
    "0, 0xEF46DB3751D8E999, 0xAC75FDA2929B17EF",
    "1, 0x4FCE394CC88952D8, 0x739840CB819FA723",
    "14, 0xCFFA8DB881BC3A3D, 0x5B9611585EFCC9CB",
    "101, 0x0EAB543384F878AD, 0xCAA65939306F1E21",
  })
  void bytesHaveThePublishedHashes(int length, String unseeded, String seeded) {
    byte[] bytes = Arrays.copyOf(sanityBuffer(), length);

    assertThat(XxHash64.hash(bytes, 0)).isEqualTo(hex(unseeded));
    assertThat(XxHash64.hash(bytes, SEED)).isEqualTo(hex(seeded));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0xEF46DB3751D8E999",
    "a, 0xD24EC4F1A98C6E5B",
    "as, 0x1C330FB2D66BE179",
    "asd, 0x631C37CE72A97393",
    "asdf, 0x415872F599CEA71E",
    "Call me Ishmael., 0x6D04390FC9D61A90",
    "Nobody inspects the spammish repetition, 0xFBCEA83C8A378BF1",
  })
  void textsHaveThePublishedHashes(String text, String hash) {
    assertThat(XxHash64.hash(text, 0)).isEqualTo(hex(hash));
  }

  @Test
  void aTextHasTheHashOfItsUtf8() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String text = randomText(random);
      assertThat(XxHash64.hash(text, i)).as(text).isEqualTo(XxHash64.hash(text.getBytes(UTF_8), i));
    }
  }

  /** One character beyond ASCII at every place of texts of every length up to three stripes. */
  @ParameterizedTest
  @CsvSource({"é", "ж", "€", "😀"})
  void aCharacterOfAnySizeMayBeAnywhere(String character) {
    for (int length = 0; length < 96; length++) {
      for (int at = 0; at <= length; at++) {
        String text = "x".repeat(at) + character + "y".repeat(length - at);
        assertThat(XxHash64.hash(text, 7)).isEqualTo(XxHash64.hash(text.getBytes(UTF_8), 7));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"\ud83d", "\ude00", "a\ud83d", "\ude00b", "\ude00\ud83d"})
  void aLoneSurrogateCountsAsTheReplacementCharacter(String text) {
    String replaced = text.replaceAll("[\ud800-\udfff]", "\ufffd");

    assertThat(XxHash64.hash(text, 0)).isEqualTo(XxHash64.hash(replaced, 0));
  }

  @ParameterizedTest
  @EnumSource(IdShape.class)
  void hashingAllocatesNothing(IdShape shape) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    StickyHash hash = StickyHash.salted("checkout");
    String[] ids = new String[1000];
    Arrays.setAll(ids, shape::id);
    long sum = total(hash, ids); // classes are loaded

    long before = threads.getCurrentThreadAllocatedBytes();
    sum += total(hash, ids);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).as("bytes of 1000 hashes, sum %d", sum).isZero();
  }

  private static long total(StickyHash hash, String[] ids) {
    long total = 0;
    for (String id : ids) {
      total += hash.bucket(id);
    }
    return total;
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(100);
    int largest = new int[] {0x7F, 0xFF, 0x7FF, 0xD7FF, 0x10FFFF}[random.nextInt(5)];
    while (text.length() < length) {
      int point = random.nextInt(largest + 1);
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        text.appendCodePoint(random.nextInt(4) == 0 ? point : 'a' + point % 26);
      }
    }
    return text.toString();
  }

  private static byte[] sanityBuffer() {
    byte[] buffer = new byte[101];
    int generator = (int) SEED;
    for (int i = 0; i < buffer.length; i++) {
      buffer[i] = (byte) (generator >>> 24);
      generator *= generator;
    }
    return buffer;
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 2, text.length(), 16);
  }
}
