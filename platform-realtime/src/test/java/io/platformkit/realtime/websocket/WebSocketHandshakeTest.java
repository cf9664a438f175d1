package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4.2 and RFC 7692 §7.1. */
class WebSocketHandshakeTest {
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final String RESETS =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private final HttpRequest request =
      new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/chat");
  private final HttpHeaders headers = request.headers();
  private WebSocketOptions options = WebSocketOptions.defaults();

  WebSocketHandshakeTest() {
    headers.set("Host", "server.example.com");
    headers.set("Upgrade", "websocket");
    headers.set("Connection", "Upgrade");
    headers.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    headers.set("Sec-WebSocket-Version", "13");
  }

  private FullHttpResponse accepted() {
    WebSocketHandshake answer = WebSocketHandshake.answer(request, options);
    assertThat(answer).isInstanceOf(AcceptedHandshake.class);
    return ((AcceptedHandshake) answer).response();
  }

  private RefusedHandshake refused() {
    WebSocketHandshake answer = WebSocketHandshake.answer(request, options);
    assertThat(answer).isInstanceOf(RefusedHandshake.class);
    return (RefusedHandshake) answer;
  }

  @Test
  void theKeyOfTheRfcGetsItsAnswer() {
    FullHttpResponse response = accepted();

    assertThat(response.status().code()).isEqualTo(101);
    assertThat(response.headers().get("Sec-WebSocket-Accept"))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(response.headers().get("Upgrade")).isEqualToIgnoringCase("websocket");
    assertThat(response.headers().get("Connection")).isEqualToIgnoringCase("upgrade");
    assertThat(response.headers().contains("Sec-WebSocket-Protocol")).isFalse();
    assertThat(response.headers().contains(EXTENSIONS)).isFalse();
  }

  @Test
  void namesAreReadWithoutCaseAndInLists() {
    headers.set("Upgrade", "h2c, WebSocket");
    headers.set("Connection", List.of("keep-alive", "x, upGRADE"));

    assertThat(WebSocketHandshake.isAskedFor(request)).isTrue();
    assertThat(accepted().status().code()).isEqualTo(101);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Host |  | 400 | Host was '' but it must be given once
          Upgrade | h2c | 426 | Upgrade was 'h2c' but it must name websocket
          Connection | close | 400 | Connection was 'close' but it must be a list with Upgrade
          Sec-WebSocket-Version | 8 | 426 | Sec-WebSocket-Version was '8' but it must be 13
          Sec-WebSocket-Version |  | 426 | Sec-WebSocket-Version was '' but it must be 13
          Sec-WebSocket-Key |  | 400 | Sec-WebSocket-Key was '' but it must be given once, 16 bytes in Base64
          Sec-WebSocket-Key | c2hvcnQ= | 400 | Sec-WebSocket-Key was 'c2hvcnQ=' but it must be given once, 16 bytes in Base64
          Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZQ | 400 | Sec-WebSocket-Key was 'dGhlIHNhbXBsZSBub25jZQ' but it must be given once, 16 bytes in Base64
          Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZQ!! | 400 | Sec-WebSocket-Key was 'dGhlIHNhbXBsZSBub25jZQ!!' but it must be given once, 16 bytes in Base64
          Content-Length | 5 | 400 | Content-Length was '5' but it must be 0
          Transfer-Encoding | chunked | 400 | Transfer-Encoding was 'chunked' but it must be absent
          Sec-WebSocket-Protocol | a b | 400 | Sec-WebSocket-Protocol was 'a b' but it must be a list of tokens
          Sec-WebSocket-Extensions | a b | 400 | Sec-WebSocket-Extensions was 'a b' but it must be a list of extensions
          Sec-WebSocket-Extensions | a; | 400 | Sec-WebSocket-Extensions was 'a;' but it must be a list of extensions
          Sec-WebSocket-Extensions | a; b= | 400 | Sec-WebSocket-Extensions was 'a; b=' but it must be a list of extensions
          Sec-WebSocket-Extensions | a; b="c | 400 | Sec-WebSocket-Extensions was 'a; b="c' but it must be a list of extensions
          """)
  void whatIsWrongIsNamed(String name, String value, int status, String reason) {
    if (value == null) {
      headers.remove(name);
    } else {
      headers.set(name, value);
    }

    RefusedHandshake refused = refused();

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void twoKeysAreRefused() {
    headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");

    assertThat(refused().reason()).startsWith("Sec-WebSocket-Key was ");
  }

  @Test
  void anotherMethodIsRefusedWithTheRightOne() {
    request.setMethod(HttpMethod.POST);

    assertThat(refused())
        .isEqualTo(
            new RefusedHandshake(
                405, "method was 'POST' but it must be GET", Map.of("Allow", "GET")));
  }

  @Test
  void http10IsRefused() {
    request.setProtocolVersion(HttpVersion.HTTP_1_0);

    assertThat(refused().reason())
        .isEqualTo("version of HTTP was 'HTTP/1.0' but it must be HTTP/1.1 or newer");
  }

  @Test
  void aRefusalOfTheVersionNamesTheRightOneAndIsPlainText() {
    headers.set("Sec-WebSocket-Version", "12");

    FullHttpResponse response = refused().response();

    assertThat(response.status().code()).isEqualTo(426);
    assertThat(response.headers().get("Sec-WebSocket-Version")).isEqualTo("13");
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.content().toString(StandardCharsets.UTF_8))
        .isEqualTo("Sec-WebSocket-Version was '12' but it must be 13");
  }

  @Test
  void aLongValueIsCutInTheReason() {
    headers.set("Sec-WebSocket-Key", "x".repeat(5000));

    assertThat(refused().reason()).hasSizeLessThan(200).contains("…");
  }

  @Nested
  class Subprotocols {
    @Test
    void theClientsFirstThatTheServerSpeaksIsChosen() {
      options = WebSocketOptions.builder().subprotocols(List.of("v1.kit", "v2.kit")).build();
      headers.set("Sec-WebSocket-Protocol", List.of(",v9.kit, ,v2.kit", "v1.kit,"));

      assertThat(accepted().headers().get("Sec-WebSocket-Protocol")).isEqualTo("v2.kit");
    }

    @Test
    void noneIsNamedIfNoneIsCommon() {
      options = WebSocketOptions.builder().subprotocols(List.of("v1.kit")).build();
      headers.set("Sec-WebSocket-Protocol", "V1.KIT");

      assertThat(accepted().headers().contains("Sec-WebSocket-Protocol")).isFalse();
    }
  }

  @Nested
  class Deflate {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "permessage-deflate",
          "permessage-deflate; client_max_window_bits",
          "permessage-deflate; client_max_window_bits=8",
          "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
          "x-webkit-deflate-frame, permessage-deflate",
          ", permessage-deflate , ,",
          "permessage-deflate; mode=fast, permessage-deflate",
          "permessage-deflate; server_max_window_bits=16, permessage-deflate",
        })
    void noContextIsTakenOver(String offer) {
      headers.set(EXTENSIONS, offer);

      assertThat(accepted().headers().get(EXTENSIONS)).isEqualTo(RESETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "12", "15"})
    void aSmallerWindowIsPromised(String bits) {
      headers.set(EXTENSIONS, "permessage-deflate; server_max_window_bits=\"" + bits + "\"");

      assertThat(accepted().headers().get(EXTENSIONS))
          .isEqualTo(RESETS + "; server_max_window_bits=" + bits);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "permessage-deflate; server_max_window_bits",
          "permessage-deflate; server_max_window_bits=7",
          "permessage-deflate; server_max_window_bits=16",
          "permessage-deflate; server_max_window_bits=010",
          "permessage-deflate; client_max_window_bits=0",
          "permessage-deflate; client_max_window_bits; client_max_window_bits",
          "permessage-deflate; server_no_context_takeover=1",
          "permessage-deflate; unknown",
          "PerMessage-Deflate",
          "permessage-bzip2",
        })
    void whatCannotBeHonouredIsDeclined(String offer) {
      headers.set(EXTENSIONS, offer);

      assertThat(accepted().headers().contains(EXTENSIONS)).isFalse();
    }

    @Test
    void itIsDeclinedWhereItIsSwitchedOff() {
      options = WebSocketOptions.builder().compression(false).build();
      headers.set(EXTENSIONS, "permessage-deflate");

      assertThat(accepted().headers().contains(EXTENSIONS)).isFalse();
    }
  }
}
