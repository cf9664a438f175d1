package io.platformkit.realtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.http.RequestBounds;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpOptionsTest {
  @Test
  void theDefaultsAreThoseOfTheEmbeddedServer() {
    RequestBounds defaults = HttpOptions.defaults().requests();
    assertThat(defaults.maxBodyBytes()).isEqualTo(1 << 20);
    assertThat(defaults.maxTargetLength()).isEqualTo(8192);
    assertThat(defaults.maxConcurrentRequests()).isEqualTo(256);
    assertThat(defaults.receiveTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.sendTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.trustedProxies()).rejects(InetAddress.getLoopbackAddress());
  }

  @Test
  void allBadOptionsAreNamedAtOnce() {
    HttpOptions.Builder bad =
        HttpOptions.builder()
            .maxBodyBytes(-1)
            .maxTargetLength(0)
            .maxHeaderBytes(1 << 30)
            .maxHeaders(0)
            .maxConcurrentRequests(0)
            .receiveTimeout(Duration.ZERO)
            .sendTimeout(Duration.ofDays(2))
            .idleTimeout(Duration.ofNanos(1));
    assertThatThrownBy(bad::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxBodyBytes was '-1' but it must be from 0 to 1073741824")
        .hasMessageContaining("maxTargetLength was '0'")
        .hasMessageContaining("maxHeaderBytes was '1073741824'")
        .hasMessageContaining("maxHeaders was '0'")
        .hasMessageContaining("maxConcurrentRequests was '0'")
        .hasMessageContaining("receiveTimeout was 'PT0S' but it must be from PT0.001S to PT24H")
        .hasMessageContaining("sendTimeout was 'PT48H'")
        .hasMessageContaining("idleTimeout was 'PT0.000000001S'");
  }

  @Test
  void anOptionIsGivenOnce() {
    HttpOptions.Builder twice = HttpOptions.builder().maxBodyBytes(1);
    assertThatThrownBy(() -> twice.maxBodyBytes(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("maxBodyBytes was already set");
  }
}
