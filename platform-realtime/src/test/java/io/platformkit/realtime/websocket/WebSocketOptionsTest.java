package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketOptionsTest {
  @Test
  void allFaultsAreReportedTogether() {
    WebSocketOptions.Builder wrong =
        WebSocketOptions.builder()
            .maxMessageBytes(0)
            .maxFragments(0)
            .minCompressBytes(0)
            .subprotocols(List.of("a", "a"))
            .closeTimeout(Duration.ZERO);

    assertThatThrownBy(wrong::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "maxMessageBytes was '0' but it must be from 125 to 268435456;"
                + " maxFragments was '0' but it must be at least 1;"
                + " minCompressBytes was '0' but it must be at least 1;"
                + " subprotocols was '[a, a]' but it must be different tokens;"
                + " closeTimeout was 'PT0S' but it must be from PT0.01S to PT5M");
  }

  @Test
  void settingTwiceIsAnError() {
    WebSocketOptions.Builder builder = WebSocketOptions.builder().maxFragments(1);

    assertThatThrownBy(() -> builder.maxFragments(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("maxFragments was already set");
  }

  @Test
  void aMessageOf60KibibytesIsTakenByDefault() {
    assertThat(WebSocketOptions.defaults().maxMessageBytes()).isEqualTo(61_440);
  }
}
