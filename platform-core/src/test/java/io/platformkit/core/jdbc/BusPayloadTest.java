package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.bus.MessageBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusPayloadTest {
  private static final String LONGEST = "é".repeat(256);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5_000})
  void aMessageThatFitsComesBackWhole(int bytes) {
    byte[] data = new byte[bytes];
    BusPayload read = BusPayload.parse(BusPayload.of(7, " a b", "12 ü", data).text());
    assertThat(read.id()).isEqualTo(7);
    assertThat(read.namespace()).isEqualTo(" a b");
    assertThat(read.topic()).isEqualTo("12 ü");
    assertThat(read.data()).hasValueSatisfying(found -> assertThat(found).isEqualTo(data));
  }

  @Test
  void aLargeMessageHasARowOfItsOwn() {
    BusPayload large = BusPayload.of(7, LONGEST, LONGEST, new byte[MessageBus.MAX_BYTES]);
    BusPayload read = BusPayload.parse(large.text());
    assertThat(read.data()).isEmpty();
    assertThat(read.topic()).isEqualTo(LONGEST);
  }

  @Test
  void noPayloadIsTooLargeForANotification() {
    for (int bytes = 4_000; bytes < 6_100; bytes++) {
      String text = BusPayload.of(Long.MAX_VALUE, LONGEST, LONGEST, new byte[bytes]).text();
      assertThat(text.getBytes(UTF_8).length).isLessThan(8_000);
    }
  }
}
