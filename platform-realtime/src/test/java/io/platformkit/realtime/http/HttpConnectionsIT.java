package io.platformkit.realtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.RawHttp;
import io.platformkit.core.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConnectionsIT extends NettyHttpCase {
  @Nested
  class Connections {
    @Test
    void tenThousandPipelinedRequestsAreAnsweredInOrder() throws Exception {
      int count = 10_000;
      NettyHttpServer server = start(options(r -> Response.text(r.query("i").orElse("") + ";")));
      try (var raw = new RawHttp(server.uri())) {
        var requests = new StringBuilder();
        var expected = new StringBuilder();
        for (int i = 0; i < count; i++) {
          requests.append("GET /?i=%d HTTP/1.1\r\nHost: h\r\n\r\n".formatted(i));
          expected.append(i).append(';');
        }
        var sending = CompletableFuture.runAsync(() -> send(raw, requests.toString()));
        assertThat(raw.untilEnd().replaceAll("HTTP(?s:.*?)\r\n\r\n", "")).isEqualTo("" + expected);
        sending.join();
      }
    }

    private static void send(RawHttp raw, String requests) {
      try {
        raw.send(requests).finish();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void oneConnectionServesTenThousandRequests() throws Exception {
      Set<Integer> ports = ConcurrentHashMap.newKeySet();
      NettyHttpServer server =
          start(
              options(request -> {
                ports.add(request.peer().getPort());
                return Response.text("fine");
              }));
      for (int i = 0; i < 10_000; i++) {
        var connection = server.uri().toURL().openConnection();
        try (var body = connection.getInputStream()) {
          assertThat(body.readAllBytes()).hasSize(4);
        }
      }
      assertThat(ports).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
      "HTTP/1.1, '', ''",
      "HTTP/1.1, Connection: close, close",
      "HTTP/1.0, '', close",
      "HTTP/1.0, Connection: keep-alive, keep-alive",
    })
    void aConnectionIsKeptAsTheClientAsks(String version, String header, String answered)
        throws Exception {
      NettyHttpServer server = start(options(FINE));
      try (var raw = new RawHttp(server.uri())) {
        String line = header.isEmpty() ? "" : header + "\r\n";
        String answer = raw.send("GET / %s\r\nHost: h\r\n%s\r\n".formatted(version, line)).answer();
        assertThat(answer).endsWith("fine");
        if (answered.isEmpty()) {
          assertThat(answer).doesNotContainIgnoringCase("connection:");
        } else {
          assertThat(answer).containsIgnoringCase("connection: " + answered);
        }
        if (answered.equals("close")) {
          assertThat(raw.untilEnd()).isEmpty();
        } else {
          assertThat(raw.send(GET).answer()).endsWith("fine");
        }
      }
    }

    @Test
    void toOldClientsAStreamGoesUntilTheConnectionEnds() throws Exception {
      HttpEndpoint streaming =
          request -> Response.stream("text/plain", out -> out.write("stream".getBytes(UTF_8)));
      try (var raw = new RawHttp(start(options(streaming)).uri())) {
        raw.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(raw.untilEnd())
            .containsIgnoringCase("connection: close")
            .doesNotContainIgnoringCase("transfer-encoding")
            .endsWith("\r\n\r\nstream");
      }
    }

    @Test
    void aBodyThatIsKeptBackIsAskedFor() throws Exception {
      NettyHttpServer server = start(options(r -> Response.ok(r.body(), "text/plain")));
      try (var raw = new RawHttp(server.uri())) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        assertThat(raw.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(raw.send("abc").answer()).endsWith("abc");
        assertThat(raw.send(GET).answer()).startsWith("HTTP/1.1 200");
      }
    }

    @ParameterizedTest
    @CsvSource({"100-continue, 9999999, 413", "200-ok, 3, 417"})
    void aBodyThatWouldBeRefusedIsNotAskedFor(String expect, int length, int status)
        throws Exception {
      try (var raw = new RawHttp(start(options(FINE)).uri())) {
        raw.send(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\nExpect: %s\r\n\r\n"
                .formatted(length, expect));
        assertThat(raw.untilEnd()).startsWith("HTTP/1.1 " + status);
      }
    }

    @Test
    void answersAreDated() throws Exception {
      clock.set(Instant.parse("2026-02-03T04:05:06.789Z"));
      try (var raw = new RawHttp(start(options(FINE)).uri())) {
        assertThat(raw.send(GET).answer())
            .containsIgnoringCase("date: Tue, 03 Feb 2026 04:05:06 GMT\r\n");
      }
    }

    @Test
    void anEndpointMayDateItsAnswers() throws Exception {
      String date = "Mon, 02 Feb 2026 00:00:00 GMT";
      NettyHttpServer server = start(options(r -> Response.text("").withHeader("Date", date)));
      try (var raw = new RawHttp(server.uri())) {
        assertThat(raw.send(GET).answer())
            .containsOnlyOnce("GMT")
            .containsIgnoringCase("date: " + date);
      }
    }
  }

  @Nested
  class WhenItIsBusy {
    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch called = new CountDownLatch(1);
    private final HttpEndpoint blocking =
        request -> {
          called.countDown();
          finish.await();
          return Response.text("fine");
        };

    @AfterEach
    void letGo() {
      finish.countDown();
    }

    private NettyHttpServer startNarrow() throws Exception {
      HttpOptions narrow = HttpOptions.builder().maxConcurrentRequests(1).build();
      return start(options(blocking).options(narrow));
    }

    @Test
    void moreRequestsThanAllowedAreToldToComeBack() throws Exception {
      NettyHttpServer server = startNarrow();
      try (var first = new RawHttp(server.uri());
          var second = new RawHttp(server.uri())) {
        first.send(GET);
        called.await();
        second.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        await().until(() -> server.phases().contains(Phase.WAITING));
        timers.advance(Duration.ofMillis(100));
        assertThat(second.answer())
            .startsWith("HTTP/1.1 503")
            .containsIgnoringCase("retry-after: 1")
            .contains(Problem.CONTENT_TYPE, "already");
        finish.countDown();
        assertThat(first.answer()).endsWith("fine");
      }
      assertThat(count("refused", "overload")).isEqualTo(1);
    }

    @Test
    void aBurstOfShortRequestsIsAnsweredOneAfterTheOther() throws Exception {
      HttpOptions narrow = HttpOptions.builder().maxConcurrentRequests(1).build();
      URI server = start(options(FINE).options(narrow)).uri();
      try (var first = new RawHttp(server);
          var second = new RawHttp(server);
          var third = new RawHttp(server)) {
        for (RawHttp raw : new RawHttp[] {first, second, third}) {
          raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + GET);
        }
        for (RawHttp raw : new RawHttp[] {first, second, third}) {
          assertThat(raw.answer()).endsWith("fine");
          assertThat(raw.answer()).endsWith("fine");
        }
      }
    }

    @Test
    void aClientThatLeavesWhileItWaitsGivesUpItsPlace() throws Exception {
      NettyHttpServer server = startNarrow();
      try (var first = new RawHttp(server.uri())) {
        first.send(GET);
        called.await();
        try (var second = new RawHttp(server.uri())) {
          second.send(GET);
          await().until(() -> server.phases().contains(Phase.WAITING));
        }
        finish.countDown();
        assertThat(first.answer()).endsWith("fine");
        assertThat(first.send(GET).answer()).endsWith("fine");
      }
      await().until(() -> server.http().serving().slots().taken() == 0);
    }

    @Test
    void drainingLetsRunningRequestsFinishAndRefusesNewOnes() throws Exception {
      NettyHttpServer server = start(options(blocking));
      try (var idle = new RawHttp(server.uri());
          var running = new RawHttp(server.uri())) {
        running.send(GET);
        called.await();
        var draining = CompletableFuture.runAsync(() -> drain(server.http()));
        await().until(() -> server.http().serving().isStopping());
        assertThat(idle.send(GET).answer())
            .startsWith("HTTP/1.1 503")
            .containsIgnoringCase("connection: close")
            .contains("stopping");
        assertThat(draining).isNotDone();
        finish.countDown();
        assertThat(running.answer()).containsIgnoringCase("connection: close").endsWith("fine");
        assertThat(running.untilEnd()).isEmpty();
        draining.join();
      }
    }

    private static void drain(HttpConnections http) {
      try {
        http.drain();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void closingInterruptsWhatStillRuns() throws Exception {
      var interrupted = new CountDownLatch(1);
      HttpEndpoint stuck =
          request -> {
            called.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw e;
            }
            return Response.text("never");
          };
      NettyHttpServer server = start(options(stuck));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(GET);
        called.await();
        server.close();
        interrupted.await();
        assertThat(raw.untilEnd()).doesNotContain("never");
      }
    }
  }

  @Nested
  class Lifecycles {
    @Test
    void itStartsOnce() throws Exception {
      HttpConnections http = start(options(FINE)).http();
      assertThatThrownBy(http::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already started");
    }

    @Test
    void buildingStartsNothing() {
      HttpConnections http = options(FINE).build();
      assertThat(timers.pending()).isZero();
      http.close();
      assertThatThrownBy(http::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTwiceIsClosingOnceAndLeavesNothingBehind() throws Exception {
      NettyHttpServer server = start(options(FINE));
      server.http().close();
      server.http().close();
      assertThat(timers.pending()).isZero();
      assertThat(meters.find("platform.realtime.http.active").gauge()).isNull();
    }

    @Test
    void aConnectionThatComesAfterTheCloseIsEnded() throws Exception {
      NettyHttpServer server = start(options(FINE));
      server.http().close();
      try (var raw = new RawHttp(server.uri())) {
        assertThat(raw.untilEnd()).doesNotContain("HTTP/1.1");
      }
    }

    @Test
    void anOptionIsGivenOnce() {
      HttpConnections.Builder twice = options(FINE);
      assertThatThrownBy(() -> twice.timers(timers))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("timers was already set");
    }
  }

  @Nested
  class Reports {
    @Test
    void requestsAreTimedByMethodAndKindOfStatus() throws Exception {
      URI server = start(options(FINE)).uri();
      try (var raw = new RawHttp(server)) {
        raw.send(GET).answer();
        raw.send("BREW / HTTP/1.1\r\nHost: h\r\n\r\n").answer();
        raw.send("GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n").answer();
      }
      await().until(() -> timed("GET", "2xx") == 1 && timed("OTHER", "2xx") == 1);
      await().until(() -> timed("GET", "4xx") == 1);
      assertThat(count("refused", "malformed")).isEqualTo(1);
    }

    private long timed(String method, String status) {
      var timer =
          meters.find("platform.realtime.http.requests").tags("method", method, "status", status);
      return timer.timer() == null ? 0 : timer.timers().iterator().next().count();
    }

    @Test
    void aBodyThatFailsMidwayIsHandedOverAndEndsTheConnection() throws Exception {
      Response.Body half =
          out -> {
            out.write("half".getBytes(UTF_8));
            throw new IllegalStateException("expected by the test");
          };
      HttpEndpoint endpoint = request -> Response.stream("text/plain", half);
      NettyHttpServer server = start(options(endpoint));
      try (var raw = new RawHttp(server.uri())) {
        assertThat(raw.send(GET).untilEnd())
            .startsWith("HTTP/1.1 200")
            .contains("half")
            .doesNotContain("0\r\n\r\n");
      }
      assertThat(failures).containsExactly("body of GET /");
      assertThat(count("cut", "broken-body")).isEqualTo(1);
      await().until(() -> server.http().serving().slots().taken() == 0);
    }

    @Test
    void aClientThatLeavesIsNoFailure() throws Exception {
      byte[] large = new byte[64 << 20];
      NettyHttpServer server = start(options(r -> Response.ok(large, "application/octet-stream")));
      try (var raw = new RawHttp(server.uri())) {
        raw.send(GET).head();
      }
      await().until(() -> count("cut", "client-gone") == 1);
      await().until(() -> server.http().serving().slots().taken() == 0);
      assertThat(failures).isEmpty();
    }
  }

  @Nested
  class BehindAProxy {
    private static final String FORWARDED =
        """
        GET /x HTTP/1.1
        Host: inner:80
        X-Forwarded-For: 198.51.100.1, 203.0.113.9
        X-Forwarded-Proto: https
        X-Forwarded-Host: ops.example.org

        """
            .replace("\n", "\r\n");

    private final HttpEndpoint telling =
        request -> Response.text(request.url() + " " + request.peer().getHostString());

    @Test
    void aTrustedOneIsBelieved() throws Exception {
      HttpOptions trusting =
          HttpOptions.builder().trustedProxies(InetAddress::isLoopbackAddress).build();
      try (var raw = new RawHttp(start(options(telling).options(trusting)).uri())) {
        assertThat(raw.send(FORWARDED).answer()).endsWith("https://ops.example.org/x 203.0.113.9");
      }
    }

    @Test
    void anyOtherIsNot() throws Exception {
      try (var raw = new RawHttp(start(options(telling)).uri())) {
        assertThat(raw.send(FORWARDED).answer()).endsWith("http://inner:80/x 127.0.0.1");
      }
    }
  }
}
