package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
  @Test
  void jsonIsEncoded() throws Exception {
    Response response = Response.json(Map.of("a", List.of(1, 2)));
    assertThat(response.bytes()).isEqualTo("{\"a\":[1,2]}".getBytes(UTF_8));
    assertThat(response.header("Content-Type")).contains("application/json");
    assertThat(response.length()).hasValue(11);
  }

  @Test
  void largerJsonIsForAnEncoderOfTheHosts() {
    String large = "x".repeat(2 << 20);
    Json json = Json.builder().maxBytes(4 << 20).build();
    assertThat(Response.json(json, large).length()).hasValue((2 << 20) + 2);
    assertThatThrownBy(() -> Response.json(large)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStreamHasNoLengthAndIsWrittenOnDemand() throws Exception {
    Response response = Response.stream("text/csv", out -> out.write("a,b".getBytes(UTF_8)));
    assertThat(response.length()).isEmpty();
    assertThat(new String(response.bytes(), UTF_8)).isEqualTo("a,b");
  }

  @Test
  void aHeaderReplacesWhatItWas() {
    Response response = Response.text("x").withHeader("X", "1").withHeader("x", "2", "3");
    assertThat(response.headers().get("X")).containsExactly("2", "3");
    assertThat(response.withHeader("X").header("X")).isEmpty();
    assertThat(response.withStatus(202).headers()).isEqualTo(response.headers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: 1", "a\nb", "a\u0000", "a\u010Ab", "é", "a\u007f"})
  void aValueThatIsNotPrintableAsciiIsRefusedAndNotShown(String value) {
    assertThatThrownBy(() -> Response.text("x").withHeader("X", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value of header 'X' must be printable ASCII; encode anything else");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\n", "é"})
  void aNameThatIsNoTokenIsRefused(String name) {
    assertThatThrownBy(() -> Response.text("x").withHeader(name, "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("header must be a token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection"})
  void framingIsTheServers(String name) {
    assertThatThrownBy(() -> Response.text("x").withHeader(name, "1"))
        .hasMessage("header was '" + name + "' but the server sets it");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 199, 600, -1})
  void aStatusIsFinal(int status) {
    assertThatThrownBy(() -> Response.status(status))
        .hasMessage("status was '" + status + "' but it must be from 200 to 599");
  }
}
