package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JdkHttpServerIT extends HttpEndpointContract {
  static {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // as a host does
  }

  private static final HttpEndpoint FINE = request -> Response.text("fine");
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final List<JdkHttpServer> servers = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final ErrorHandler errors = (where, failure) -> failures.add(where);
  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Override
  protected URI mount(HttpEndpoint endpoint) {
    return start(options(endpoint)).uri();
  }

  JdkHttpServer.Builder options(HttpEndpoint endpoint) {
    return JdkHttpServer.builder(endpoint).errorHandler(errors).meterRegistry(meters);
  }

  private JdkHttpServer start(JdkHttpServer.Builder options) {
    JdkHttpServer server = options.build();
    servers.add(server);
    server.start();
    return server;
  }

  @AfterEach
  void closeServers() {
    servers.forEach(JdkHttpServer::close);
  }

  @Nested
  class SlowClients {
    private final CountDownLatch finish = new CountDownLatch(1);

    @Test
    void aHeadThatDoesNotEndIsCutOff() throws Exception {
      try (var raw = new RawHttp(start(options(FINE).timers(timers)).uri())) {
        raw.send("GET / HTTP/1.1\r\nHo");
        stepUntilCut("slow-sender");
        assertThat(raw.untilEnd()).doesNotContain("HTTP/1.1");
      }
    }

    @Test
    void aBodyThatDoesNotEndIsCutOff() throws Exception {
      try (var raw = new RawHttp(start(options(FINE).timers(timers)).uri())) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        stepUntilCut("slow-sender");
        assertThat(raw.untilEnd()).doesNotContain("fine");
      }
    }

    @Test
    void anAnswerThatIsNotReadIsCutOff() throws Exception {
      byte[] large = new byte[64 << 20];
      HttpEndpoint endpoint = request -> Response.ok(large, "application/octet-stream");
      try (var raw = new RawHttp(start(options(endpoint).timers(timers)).uri())) {
        raw.send(GET);
        stepUntilCut("slow-reader");
      }
      assertThat(failures).isEmpty();
    }

    @Test
    void anEndpointMayTakeItsTime() throws Exception {
      var called = new CountDownLatch(1);
      HttpEndpoint slow =
          request -> {
            called.countDown();
            finish.await();
            return Response.text("fine");
          };
      try (var raw = new RawHttp(start(options(slow).timers(timers)).uri())) {
        raw.send(GET);
        called.await();
        timers.advance(Duration.ofHours(1));
        finish.countDown();
        assertThat(raw.answer()).endsWith("fine");
      }
    }

    private void stepUntilCut(String reason) {
      await()
          .until(() -> {
            timers.advance(Duration.ofSeconds(31));
            return count("platform.core.http.cut", "reason", reason) == 1;
          });
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

    @Test
    void moreRequestsThanAllowedAreToldToComeBack() throws Exception {
      URI server = start(options(blocking).maxConcurrentRequests(1)).uri();
      try (var first = new RawHttp(server);
          var second = new RawHttp(server)) {
        first.send(GET);
        called.await();
        assertThat(second.send(GET).answer())
            .startsWith("HTTP/1.1 503")
            .containsIgnoringCase("retry-after: 1")
            .contains(Problem.CONTENT_TYPE, "already");
        finish.countDown();
        assertThat(first.answer()).endsWith("fine");
      }
      await().until(() -> answers(server));
      assertThat(count("platform.core.http.refused", "reason", "overload")).isEqualTo(1);
    }

    private boolean answers(URI server) throws IOException {
      try (var raw = new RawHttp(server)) {
        return raw.send(GET).answer().endsWith("fine");
      }
    }

    @Test
    void closingLetsRunningRequestsFinishAndRefusesNewOnes() throws Exception {
      JdkHttpServer server = start(options(blocking));
      try (var running = new RawHttp(server.uri())) {
        running.send(GET);
        called.await();
        var closing = CompletableFuture.runAsync(server::close);
        await().until(() -> refuses(server.uri()));
        assertThat(closing).isNotDone();
        finish.countDown();
        assertThat(running.answer()).containsIgnoringCase("connection: close").endsWith("fine");
        closing.join();
      }
    }

    /** Asks with a path that never reaches the endpoint, which would block. */
    private boolean refuses(URI server) throws IOException {
      try (var raw = new RawHttp(server)) {
        return raw.send("GET /.. HTTP/1.0\r\n\r\n").answer().startsWith("HTTP/1.1 503");
      }
    }

    @Test
    void closingInterruptsWhatDoesNotFinishInTime() throws Exception {
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
      JdkHttpServer server = options(stuck).drainTimeout(Duration.ofMillis(200)).build();
      server.start();
      try (var raw = new RawHttp(server.uri())) {
        raw.send(GET);
        called.await();
        assertThatThrownBy(server::close)
            .isInstanceOf(PlatformException.class)
            .hasMessageContaining("http requests");
        interrupted.await();
      }
    }
  }

  @Nested
  class Lifecycles {
    @Test
    void aTakenPortIsNamed() {
      JdkHttpServer first = start(options(FINE));
      var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());
      try (JdkHttpServer second = options(FINE).address(taken).build()) {
        assertThatThrownBy(second::start)
            .isInstanceOf(PlatformException.class)
            .hasMessageContaining("address 127.0.0.1, port " + first.port());
      }
    }

    @Test
    void itStartsOnce() {
      JdkHttpServer server = start(options(FINE));
      assertThatThrownBy(server::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already started");
    }

    @Test
    void buildingStartsNothing() {
      JdkHttpServer server = options(FINE).timers(timers).build();
      assertThat(timers.pending()).isZero();
      assertThatThrownBy(server::port)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not started");
      server.close();
      assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTwiceIsClosingOnceAndLeavesNothingBehind() {
      JdkHttpServer server = start(options(FINE).timers(timers));
      URI uri = server.uri();
      server.close();
      server.close();
      assertThat(timers.pending()).isZero();
      assertThat(meters.find("platform.core.http.active").gauge()).isNull();
      assertThatThrownBy(() -> new RawHttp(uri)).isInstanceOf(IOException.class);
    }

    @Test
    void allBadOptionsAreNamedAtOnce() {
      JdkHttpServer.Builder bad =
          options(FINE)
              .address(InetSocketAddress.createUnresolved("nowhere.invalid", 1))
              .maxBodyBytes(-1)
              .maxConcurrentRequests(0)
              .receiveTimeout(Duration.ZERO);
      assertThatThrownBy(bad::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("address was 'nowhere.invalid")
          .hasMessageContaining("maxBodyBytes was '-1' but it must be from 0 to 1073741824")
          .hasMessageContaining("maxConcurrentRequests was '0'")
          .hasMessageContaining("receiveTimeout was 'PT0S' but it must be from PT0.001S to PT24H");
    }

    @Test
    void anOptionIsGivenOnce() {
      JdkHttpServer.Builder twice = options(FINE).maxBodyBytes(1);
      assertThatThrownBy(() -> twice.maxBodyBytes(2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("maxBodyBytes was already set");
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
      assertThat(count("platform.core.http.refused", "reason", "malformed")).isEqualTo(1);
    }

    private long timed(String method, String status) {
      var timer =
          meters.find("platform.core.http.requests").tags("method", method, "status", status);
      return timer.timer() == null ? 0 : timer.timers().iterator().next().count();
    }

    @Test
    void aFailureIsHandedOverWithTheIdThatTheCallerSees() throws Exception {
      HttpEndpoint failing =
          request -> {
            throw new IllegalStateException("expected by the test");
          };
      try (var raw = new RawHttp(start(options(failing)).uri())) {
        String answer = raw.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").answer();
        String id = answer.replaceFirst("(?s).*(urn:uuid:[^\"]+).*", "$1");
        assertThat(failures).containsExactly("GET /x (" + id + ")");
      }
    }

    @Test
    void aBodyThatFailsMidwayIsHandedOver() throws Exception {
      Response.Body half =
          out -> {
            out.write("half".getBytes(UTF_8));
            throw new IllegalStateException("expected by the test");
          };
      HttpEndpoint endpoint = request -> Response.stream("text/plain", half);
      try (var raw = new RawHttp(start(options(endpoint)).uri())) {
        assertThat(raw.send(GET).untilEnd()).doesNotEndWith("0\r\n\r\n");
      }
      assertThat(failures).containsExactly("body of GET /");
    }

    @Test
    void aClientThatLeavesIsNoFailure() throws Exception {
      byte[] large = new byte[64 << 20];
      HttpEndpoint endpoint = request -> Response.ok(large, "application/octet-stream");
      try (var raw = new RawHttp(start(options(endpoint)).uri())) {
        raw.send(GET).head();
      }
      await().until(() -> count("platform.core.http.cut", "reason", "client-gone") == 1);
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
      URI server = start(options(telling).trustedProxies(InetAddress::isLoopbackAddress)).uri();
      try (var raw = new RawHttp(server)) {
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

  private double count(String counter, String tag, String value) {
    var found = meters.find(counter).tag(tag, value).counter();
    return found == null ? 0 : found.count();
  }
}
