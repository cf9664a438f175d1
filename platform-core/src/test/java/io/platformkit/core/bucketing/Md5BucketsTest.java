package io.platformkit.core.bucketing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Md5BucketsTest {
  /** Values of Python's hashlib. */
  @ParameterizedTest
  @CsvSource({
    "user-1, checkout, 20",
    "user-2, checkout, 68",
    "alice, ranker_v2_vs_v3, 74",
    "'', x, 57",
    "пользователь-1, цена, 58",
    "a:b, c, 92",
    "a, b:c, 92",
  })
  void aUserIsWhereOtherSystemsPutIt(String user, String experiment, int bucket) {
    assertThat(Md5Buckets.bucket(user, experiment)).isEqualTo(bucket);
  }

  @Test
  void anyNumberOfBucketsIsTheRemainderOfTheWholeDigest() throws Exception {
    for (int buckets : new int[] {1, 2, 9999, 10_000, Integer.MAX_VALUE}) {
      for (int i = 0; i < 200; i++) {
        byte[] text = ("id-" + i).getBytes(StandardCharsets.UTF_8);
        BigInteger digest = new BigInteger(1, MessageDigest.getInstance("MD5").digest(text));
        assertThat(Md5Buckets.bucketOf("id-" + i, buckets))
            .isEqualTo(digest.mod(BigInteger.valueOf(buckets)).intValueExact());
      }
    }
  }

  @Test
  void noBucketsAreRefused() {
    assertThatThrownBy(() -> Md5Buckets.bucketOf("x", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("buckets was '0' but it must be at least 1");
  }
}
