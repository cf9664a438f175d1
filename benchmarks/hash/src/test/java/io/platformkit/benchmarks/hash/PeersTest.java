package io.platformkit.benchmarks.hash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import io.platformkit.core.bucketing.Murmur3;
import io.platformkit.core.bucketing.XxHash64;
import java.util.stream.Stream;
import net.openhft.hashing.LongHashFunction;
import org.apache.commons.codec.digest.MurmurHash3;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hashes of well-kept libraries are ours, bit for bit. */
class PeersTest {
  static Stream<String> ids() {
    return Stream.of(Ids.numbers(), Ids.uuids(), Ids.mails(), Ids.cyrillic())
        .flatMap(ids -> Stream.of(ids).limit(50))
        .flatMap(id -> Stream.of(id, id + id.substring(3) + id));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void xxh64IsThatOfOthers(String id) {
    assertThat(XxHash64.hash(id, 7))
        .isEqualTo(LongHashFunction.xx(7).hashBytes(id.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void murmur3IsThatOfOthers(String id) {
    byte[] bytes = id.getBytes(UTF_8);
    Murmur3.Hash128 ours = Murmur3.x64Hash128(bytes, 7);

    assertThat(new long[] {ours.first(), ours.second()})
        .isEqualTo(MurmurHash3.hash128x64(bytes, 0, bytes.length, 7));
    assertThat(ours.first()).isEqualTo(Hashing.murmur3_128(7).hashBytes(bytes).asLong());
    assertThat(Murmur3.x86Hash32(bytes, 7))
        .isEqualTo(MurmurHash3.hash32x86(bytes, 0, bytes.length, 7))
        .isEqualTo(Hashing.murmur3_32_fixed(7).hashBytes(bytes).asInt());
  }
}
