package io.platformkit.realtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.RawHttp;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHttpIT extends NettyHttpCase {
  private final List<Request> seen = new CopyOnWriteArrayList<>();
  private final HttpEndpoint seeing =
      request -> {
        seen.add(request);
        return Response.text("fine");
      };

  /** What two servers in a row could understand differently. */
  @Nested
  class Smuggling {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "400 GET / HTTP/1.1~Host: h~~",
          "400 GET / HTTP/1.1|Host: h~X: y||",
          "400 GET / HTTP/1.1|X: a~ b|Host: h||",
          "400 GET / HTTP/1.1| X: first|Host: h||",
          "400 GET / HTTP/1.1|Host: h|Content-Length : 4||abcd",
          "400 GET / HTTP/1.1|Host: h|Transfer-Encoding : chunked||0||",
          "400 GET / HTTP/1.1|Host: h|X\u0000: a||",
          "400 GET / HTTP/1.1|Host: h|X: a\u0000b||",
          "400 GET / HTTP/1.1|Host: h|X: a\rb||",
          "400 GET / HTTP/1.1|Host: h|: empty||",
          "400 GET /a b HTTP/1.1|Host: h||",
          "400 GET /|Host: h||",
          "400 GET / HTTP/1.1 |Host: h||",
          "400 POST / HTTP/1.1|Host: h|Content-Length: 3|Content-Length: 3||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length: 3, 3||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length: +3||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length: 0x3||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length: 3 3||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length:| 3||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length:||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length: 99999999999999999999||abc",
          "400 POST / HTTP/1.1|Host: h|Content-Length: 3|Transfer-Encoding: chunked||0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: identity||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: xchunked||0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked, identity||0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked, chunked||0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked|Transfer-Encoding: x||0||",
          "400 POST / HTTP/1.0|Host: h|Transfer-Encoding: chunked||0||",
          "501 POST / HTTP/1.1|Host: h|Transfer-Encoding: gzip, chunked||0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding:| chunked||0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||0x3|abc|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||-3|abc|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked|| 3|abc|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||3~abc|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||3|abc~0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||3|abcd|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||3;a=~b|abc|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||80000000|",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||10000000000000003|abc|0||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||0|Bad Name: x||",
          "400 POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||0|X: y~~",
        })
    void isRefusedAndTheConnectionEnds(String statusAndRequest) throws Exception {
      String status = statusAndRequest.substring(0, 3);
      String hostile = statusAndRequest.substring(4);
      NettyHttpServer server = start(options(seeing));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(hostile.replace("|", "\r\n").replace("~", "\n")).send(GET);
        assertThat(raw.untilEnd())
            .startsWith("HTTP/1.1 " + status)
            .containsIgnoringCase("connection: close")
            .containsOnlyOnce("HTTP/1.1 ");
      }
      assertThat(seen).isEmpty();
      assertThat(count("refused", "malformed")).isEqualTo(1);
    }

    @Test
    void aFoldedHeaderIsJoinedByASpace() throws Exception {
      try (var raw = new RawHttp(start(options(seeing)).uri())) {
        raw.send("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n \tb\r\n\r\n").answer();
      }
      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst().headers("X")).containsExactly("a b");
    }

    @Test
    void aBodyIsNeverTheNextRequest() throws Exception {
      try (var raw = new RawHttp(start(options(seeing)).uri())) {
        raw.send(
            "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(GET.length(), GET));
        raw.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
        raw.answer();
        raw.answer();
      }
      assertThat(seen).extracting(Request::toString).containsExactly("POST /1", "GET /2");
    }

    @Test
    void extensionsAndTrailersOfChunksAreLeftOut() throws Exception {
      try (var raw = new RawHttp(start(options(seeing)).uri())) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            .send("3;a=\"b;c\" ; d\r\nabc\r\n0;x\r\nContent-Length: 9\r\nX-Role: admin\r\n\r\n");
        raw.answer();
      }
      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst().body()).asString().isEqualTo("abc");
      assertThat(seen.getFirst().headers()).containsOnlyKeys("Host", "Transfer-Encoding");
    }
  }

  @Nested
  class Sizes {
    @ParameterizedTest
    @CsvSource({"100, 200", "101, 431"})
    void headersAreCounted(int lines, int status) throws Exception {
      String more = "X: y\r\n".repeat(lines - 1);
      try (var raw = new RawHttp(start(options(FINE)).uri())) {
        raw.send("GET / HTTP/1.1\r\nHost: h\r\n" + more + "\r\n");
        assertThat(raw.answer()).startsWith("HTTP/1.1 " + status);
      }
    }

    @ParameterizedTest
    @CsvSource({"1000, 200", "1001, 431"})
    void headersAreMeasured(int bytes, int status) throws Exception {
      HttpOptions small = HttpOptions.builder().maxHeaderBytes(1000).build();
      String value = "y".repeat(bytes - "Host: h".length() - "X: ".length());
      try (var raw = new RawHttp(start(options(FINE).options(small)).uri())) {
        raw.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + value + "\r\n\r\n");
        assertThat(raw.answer()).startsWith("HTTP/1.1 " + status);
      }
      assertThat(count("refused", "head-too-large")).isEqualTo(status == 431 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"8192, 200", "8193, 414", "100000, 414"})
    void targetsAreMeasured(int length, int status) throws Exception {
      try (var raw = new RawHttp(start(options(FINE)).uri())) {
        raw.send("GET /" + "x".repeat(length - 1) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(raw.answer()).startsWith("HTTP/1.1 " + status);
      }
      assertThat(count("refused", "target-too-long")).isEqualTo(status == 414 ? 1 : 0);
    }

    @Test
    void chunksThatDoNotEndAreRefusedAtTheBoundOfABody() throws Exception {
      HttpOptions small = HttpOptions.builder().maxBodyBytes(1000).build();
      try (var raw = new RawHttp(start(options(seeing).options(small)).uri())) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i <= 1000; i++) {
          raw.send("1;extension=" + "e".repeat(100) + "\r\na\r\n");
        }
        assertThat(raw.answer()).startsWith("HTTP/1.1 413");
      }
      assertThat(seen).isEmpty();
      assertThat(count("refused", "body-too-large")).isEqualTo(1);
    }

    @Test
    void aRefusedClientThatGoesOnSendingIsEnded() throws Exception {
      NettyHttpServer server = start(options(FINE));
      try (var raw = new RawHttp(server.uri())) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999\r\n\r\n").answer();
        sendUntilEnded(raw);
      }
      awaitNoConnection(server);
    }

    private static void sendUntilEnded(RawHttp raw) {
      byte[] more = new byte[1 << 20];
      try {
        for (int i = 0; i < 1000; i++) {
          raw.send(more);
        }
      } catch (IOException ended) {
        return;
      }
      throw new AssertionError("a thousand megabytes were taken");
    }
  }

  @Nested
  class SlowClients {
    private static final Duration RECEIVE = Duration.ofSeconds(31);

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aHeadThatDoesNotEndIsCutOff(Transport transport) throws Exception {
      isCutOff(transport, "GET / HTTP/1.1\r\nHost: h\r\nX: ");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\r\n\r\n\r\n",
          "G",
          "GET / HTTP/1.1\r\nHost: h\r\n",
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: ",
        })
    void aRequestThatDoesNotEndIsCutOff(String beginning) throws Exception {
      isCutOff(Transport.best(), beginning);
    }

    private void isCutOff(Transport transport, String beginning) throws Exception {
      NettyHttpServer server = start(transport, options(seeing));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(beginning);
        awaitPhase(server, Phase.RECEIVING);
        timers.advance(RECEIVE);
        assertThat(raw.untilEnd()).doesNotContain("HTTP/1.1 200");
      }
      awaitNoConnection(server);
      assertThat(count("cut", "slow-sender")).isEqualTo(1);
      assertThat(seen).isEmpty();
      assertThat(server.http().serving().slots().taken()).isZero();
    }

    @Test
    void bytesNowAndThenBuyNoTime() throws Exception {
      NettyHttpServer server = start(options(seeing));
      try (var raw = new RawHttp(server.uri())) {
        raw.send("GET / HTTP/1.1\r\nHost: h\r\n");
        awaitPhase(server, Phase.RECEIVING);
        timers.advance(Duration.ofSeconds(29));
        raw.send("X: y\r\n");
        timers.advance(Duration.ofSeconds(2));
        raw.untilEnd();
      }
      awaitNoConnection(server);
      assertThat(count("cut", "slow-sender")).isEqualTo(1);
    }

    @Test
    void aConnectionThatNeverSpeaksIsClosed() throws Exception {
      NettyHttpServer server = start(options(FINE));
      try (var raw = new RawHttp(server.uri())) {
        awaitPhase(server, Phase.OPENED);
        timers.advance(RECEIVE);
        assertThat(raw.untilEnd()).isEmpty();
      }
    }

    @Test
    void aConnectionIsKeptForItsNextRequestForAWhile() throws Exception {
      NettyHttpServer server = start(options(FINE));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(GET).answer();
        awaitPhase(server, Phase.IDLE);
        timers.advance(Duration.ofSeconds(74));
        assertThat(raw.send(GET).answer()).endsWith("fine");
        awaitPhase(server, Phase.IDLE);
        timers.advance(Duration.ofSeconds(76));
        assertThat(raw.untilEnd()).isEmpty();
      }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerThatIsNotReadIsCutOffAndHarmsNobody(Transport transport) throws Exception {
      byte[] large = new byte[64 << 20];
      NettyHttpServer server =
          start(
              transport,
              options(request ->
                  request.query("large").isPresent()
                      ? Response.ok(large, "application/octet-stream")
                      : Response.text("fine")));
      try (var reader = new RawHttp(server.uri());
          var other = new RawHttp(server.uri())) {
        reader.send("GET /?large HTTP/1.1\r\nHost: h\r\n\r\n").head();
        await().until(() -> server.phases().contains(Phase.SENDING));
        assertThat(other.send(GET).answer()).endsWith("fine");
        await()
            .until(() -> {
              timers.advance(RECEIVE);
              return count("cut", "slow-reader") == 1;
            });
      }
      awaitNoConnection(server);
      await().until(() -> server.http().serving().slots().taken() == 0);
      assertThat(failures).isEmpty();
    }

    @Test
    void anEndpointMayTakeItsTime() throws Exception {
      NettyHttpServer server =
          start(
              options(request -> {
                timers.advance(Duration.ofHours(1));
                return Response.text("fine");
              }));
      try (var raw = new RawHttp(server.uri())) {
        assertThat(raw.send(GET).answer()).endsWith("fine");
      }
    }
  }

  @Nested
  class ClientsThatLeave {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET / HTTP/1.1\r\nHost: h\r\n",
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
        })
    void inMidRequestAreCounted(String beginning) throws Exception {
      NettyHttpServer server = start(options(seeing));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(beginning);
        awaitPhase(server, Phase.RECEIVING);
        assertThat(raw.finish().untilEnd()).isEmpty();
      }
      awaitNoConnection(server);
      assertThat(count("cut", "client-gone")).isEqualTo(1);
      assertThat(server.http().serving().slots().taken()).isZero();
      assertThat(seen).isEmpty();
    }

    @Test
    void betweenRequestsAreNot() throws Exception {
      NettyHttpServer server = start(options(FINE));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(GET).answer();
      }
      awaitNoConnection(server);
      assertThat(meters.find("platform.realtime.http.cut").counters()).isEmpty();
      assertThat(failures).isEmpty();
    }

    @Test
    void andStillReadGetAllTheirAnswers() throws Exception {
      try (var raw = new RawHttp(start(options(FINE)).uri())) {
        raw.send(GET.repeat(3)).finish();
        assertThat(raw.untilEnd().split("fine", -1)).hasSize(4);
      }
    }
  }
}
