package io.platformkit.examples.modelserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalCallersTest {
  private final LocalCallers callers =
      new LocalCallers(request -> Response.text(request.principal().orElseThrow().id()));

  private int status(Request.Builder request) throws Exception {
    return callers.handle(request.build()).status();
  }

  private static Request.Builder post(String url) {
    return Request.builder("POST", URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:8081/x", "http://localhost:8081/x", "http://[::1]:8081/x"})
  void whoeverCallsThisMachineByItsOwnNamesIsTheOperator(String url) throws Exception {
    assertThat(status(post(url))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://rebound.example.org:8081/x",
        "http://127.0.0.1.example.org:8081/x",
        "http://10.0.0.7:8081/x"
      })
  void aNameThatSomebodyElsePointedHereIsRefused(String url) throws Exception {
    assertThat(status(post(url))).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://example.org", "http://127.0.0.1:9999", "null"})
  void aPageOfAnotherOriginIsRefused(String origin) throws Exception {
    assertThat(status(post("http://127.0.0.1:8081/x").header("Origin", origin))).isEqualTo(403);
  }

  @Test
  void aPageOfItsOwnIsNot() throws Exception {
    assertThat(status(post("http://127.0.0.1:8081/x").header("Origin", "http://127.0.0.1:8081")))
        .isEqualTo(200);
  }
}
