package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An endpoint sees the same requests and its answers arrive the same, whichever server it is
 * mounted on. Every server of HTTP endpoints extends it; bodies are bounded to 1 MiB, and at least
 * 200 requests run at once.
 */
public abstract class HttpEndpointContract {
  private static final int MAX_BODY = 1 << 20;

  private final HttpClient client = HttpClient.newBuilder().build();

  /** For subclasses, that close in an {@code @AfterEach} whatever they opened. */
  protected HttpEndpointContract() {}

  /**
   * Serves the endpoint on a fresh server.
   *
   * @return where the endpoint's root is: {@code http://127.0.0.1:41234/}
   */
  protected abstract URI mount(HttpEndpoint endpoint) throws Exception;

  @AfterEach
  void closeClient() {
    client.shutdownNow();
  }

  @Nested
  class Requests {
    @Test
    void bodiesArriveByteForByte() throws Exception {
      byte[] body = new byte[100_000];
      new Random(7).nextBytes(body);
      URI server = mount(request -> Response.ok(request.body(), "application/octet-stream"));
      var answer =
          client.send(post(server, BodyPublishers.ofByteArray(body)), BodyHandlers.ofByteArray());
      assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void chunkedBodiesArriveWhole() throws Exception {
      URI server = mount(request -> Response.ok(request.body(), "text/plain"));
      try (var raw = new RawHttp(server)) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            .send("3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n");
        assertThat(raw.answer()).endsWith("abc0123456789abcdef");
      }
    }

    @Test
    void aRequestWithoutBodyHasNoBytes() throws Exception {
      assertThat(seen("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body()).isEmpty();
    }

    @Test
    void repeatedHeadersAreAllKeptAndFoundInAnyCase() throws Exception {
      Request seen = seen("GET / HTTP/1.1\r\nHost: h\r\nX-One: a\r\nx-one: b, c\r\n\r\n");
      assertThat(seen.headers("X-ONE")).containsExactly("a", "b, c");
      assertThat(seen.header("x-One")).contains("a");
      assertThat(seen.header("X-Two")).isEmpty();
    }

    @Test
    void queriesAreDecoded() throws Exception {
      Request seen =
          seen("GET /?q=a+b%26c%C3%A9&s[]=1&s%5B%5D=2&flag&q=2 HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(seen.queryAll("q")).containsExactly("a b&cé", "2");
      assertThat(seen.queryAll("s")).containsExactly("1", "2");
      assertThat(seen.query("flag")).contains("");
    }

    @Test
    void pathsAreDecodedSegmentBySegment() throws Exception {
      Request seen = seen("GET /a%20b//c%2Fd/%C3%A9/./x/../y/ HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(seen.segments()).containsExactly("a b", "c/d", "é", "y");
      assertThat(seen.path()).isEqualTo("/a b/c%2Fd/é/y");
    }

    @Test
    void theUrlIsTheOneThatTheCallerUsed() throws Exception {
      Request seen = seen("GET /a%20b?x=%31 HTTP/1.1\r\nHost: ops.example.org:8443\r\n\r\n");
      assertThat(seen.url()).isEqualTo(URI.create("http://ops.example.org:8443/a%20b?x=%31"));
    }

    @Test
    void aTargetInAbsoluteFormIsTheUrl() throws Exception {
      Request seen = seen("GET http://other.example.org/p?x=1 HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(seen.url()).isEqualTo(URI.create("http://other.example.org/p?x=1"));
      assertThat(seen.path()).isEqualTo("/p");
    }

    @Test
    void aTargetThatStartsWithTwoSlashesNamesNoOtherHost() throws Exception {
      Request seen = seen("GET //evil.example.org/x HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(seen.url().getHost()).isEqualTo("h");
      assertThat(seen.path()).isEqualTo("/evil.example.org/x");
    }

    @Test
    void thePeerIsTheCallersSocket() throws Exception {
      Request seen = seen("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
      assertThat(seen.peer().getAddress().isLoopbackAddress()).isTrue();
      assertThat(seen.peer().getPort()).isPositive();
    }

    @Test
    void nobodyIsKnownWithoutAnAuthenticator() throws Exception {
      Request seen = seen("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YTpi\r\n\r\n");
      assertThat(seen.principal()).isEmpty();
    }

    @Test
    void endpointsRunOnVirtualThreads() throws Exception {
      URI server = mount(request -> Response.text("" + Thread.currentThread().isVirtual()));
      assertThat(get(server).body()).isEqualTo("true");
    }

    private Request seen(String raw) throws Exception {
      var seen = new AtomicReference<Request>();
      URI server =
          mount(request -> {
            seen.set(request);
            return Response.status(204);
          });
      try (var socket = new RawHttp(server)) {
        assertThat(socket.send(raw).head()).startsWith("HTTP/1.1 204");
      }
      return Optional.ofNullable(seen.get()).orElseThrow();
    }
  }

  @Nested
  class Answers {
    @Test
    void headersAndStatusArrive() throws Exception {
      URI server = mount(r -> Response.text("x").withStatus(201).withHeader("X-Many", "a", "b"));
      var answer = get(server);
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.headers().allValues("x-many")).containsExactly("a", "b");
      assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    }

    @Test
    void everyAnswerForbidsSniffing() throws Exception {
      URI server = mount(routes());
      for (String path : List.of("things/1", "nothing", "fails", "problem")) {
        assertThat(get(server.resolve(path)).headers().firstValue("X-Content-Type-Options"))
            .contains("nosniff");
      }
    }

    @Test
    void answersWithoutBodyLeaveTheConnectionUsable() throws Exception {
      URI server = mount(request -> Response.status(request.queryInt("s", 200, 599).orElse(200)));
      try (var raw = new RawHttp(server)) {
        for (int status : new int[] {200, 204, 304, 404}) {
          raw.send("GET /?s=" + status + " HTTP/1.1\r\nHost: h\r\n\r\n");
          assertThat(raw.answer()).startsWith("HTTP/1.1 " + status);
        }
      }
    }

    @Test
    void streamsArriveWhileTheyAreWritten() throws Exception {
      var more = new CountDownLatch(1);
      URI server =
          mount(request ->
              Response.stream(
                  "text/plain",
                  out -> {
                    out.write("first".getBytes(UTF_8));
                    out.flush();
                    more.await();
                    out.write("second".getBytes(UTF_8));
                  }));
      var answer =
          client.send(HttpRequest.newBuilder(server).build(), BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        assertThat(new String(body.readNBytes(5), UTF_8)).isEqualTo("first");
        more.countDown();
        assertThat(new String(body.readAllBytes(), UTF_8)).isEqualTo("second");
      }
    }

    @Test
    void anInterruptThatAnEndpointLeavesBehindCutsNothing() throws Exception {
      URI server =
          mount(request -> {
            Thread.currentThread().interrupt();
            return Response.text("whole");
          });
      assertThat(get(server).body()).isEqualTo("whole");
    }

    @Test
    void largeStreamsArriveWhole() throws Exception {
      byte[] block = "0123456789abcdef".repeat(6250).getBytes(UTF_8);
      URI server =
          mount(request ->
              Response.stream(
                  "text/plain",
                  out -> {
                    for (int i = 0; i < 100; i++) {
                      out.write(block);
                    }
                  }));
      assertThat(get(server).body()).hasSize(10_000_000);
    }

    @Test
    void aStreamThatFailsMidwayIsSeenToBeIncomplete() throws Exception {
      URI server =
          mount(request ->
              Response.stream(
                  "text/plain",
                  out -> {
                    out.write("half".getBytes(UTF_8));
                    out.flush();
                    throw new IllegalStateException("expected by the test");
                  }));
      assertThatThrownBy(() -> get(server)).isInstanceOf(IOException.class);
    }

    @Test
    void twoHundredRequestsRunAtOnce() throws Exception {
      int count = 200;
      var allIn = new CountDownLatch(count);
      URI server =
          mount(request -> {
            allIn.countDown();
            allIn.await();
            return Response.text(request.query("i").orElse(""));
          });
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        URI url = server.resolve("?i=" + i);
        answers.add(client.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()));
      }
      assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::body))
          .containsExactlyElementsOf(
              IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }
  }

  @Nested
  class Paths {
    @Test
    void mountedRoutesSeeTheirOwnPathAndTheWholeUrl() throws Exception {
      URI server =
          mount(
              Routes.builder()
                  .mount(
                      "/api",
                      Routes.builder()
                          .get("/{a}", r -> Response.text(r.path() + " " + r.url().getRawPath()))
                          .build())
                  .build());
      assertThat(get(server.resolve("api/x%20y")).body()).isEqualTo("/x y /api/x%20y");
    }

    @Test
    void anUnknownPathIsAProblemDocument() throws Exception {
      var answer = get(mount(routes()).resolve("nothing"));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.headers().firstValue("content-type")).contains(Problem.CONTENT_TYPE);
      assertThat(answer.body()).contains("\"status\":404").contains("\"title\":\"Not Found\"");
    }

    @Test
    void aWrongMethodIsToldWhichOnesThereAre() throws Exception {
      var answer =
          client.send(
              post(mount(routes()).resolve("things/1"), BodyPublishers.noBody()),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, OPTIONS");
    }

    @Test
    void optionsListsTheMethods() throws Exception {
      var answer = send(mount(routes()).resolve("things/1"), "OPTIONS");
      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, OPTIONS");
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
      try (var raw = new RawHttp(mount(routes()))) {
        String head = raw.send("HEAD /things/1 HTTP/1.1\r\nHost: h\r\n\r\n").head();
        assertThat(head).startsWith("HTTP/1.1 200").containsIgnoringCase("content-length: 7");
        raw.send("GET /things/2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertThat(raw.untilEnd()).startsWith("HTTP/1.1 200").endsWith("thing 2");
      }
    }

    @Test
    void headDoesNotRunAStream() throws Exception {
      URI server =
          mount(request ->
              Response.stream(
                  "text/plain",
                  out -> {
                    throw new IllegalStateException("not for HEAD");
                  }));
      assertThat(send(server, "HEAD").statusCode()).isEqualTo(200);
    }
  }

  @Nested
  class Failures {
    @Test
    void whatAnEndpointThrowsIsNotShown() throws Exception {
      var answer = get(mount(routes()).resolve("fails"));
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.headers().firstValue("content-type")).contains(Problem.CONTENT_TYPE);
      assertThat(answer.body())
          .containsPattern("\"instance\":\"urn:uuid:[0-9a-f-]{36}\"")
          .doesNotContain("secret", "Exception", "io.platformkit");
    }

    @Test
    void anErrorIsAnsweredToo() throws Exception {
      URI server =
          mount(request -> {
            throw new StackOverflowError("expected by the test");
          });
      assertThat(get(server).statusCode()).isEqualTo(500);
    }

    @Test
    void aThrownProblemIsTheAnswer() throws Exception {
      var answer = get(mount(routes()).resolve("problem"));
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("\"detail\":\"taken\"").contains("\"holder\":\"b2\"");
    }

    @Test
    void malformedJsonIsTheCallersMistake() throws Exception {
      URI server = mount(request -> Response.json(request.json(List.class)));
      var answer =
          client.send(post(server, BodyPublishers.ofString("[1,")), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("content-type")).contains(Problem.CONTENT_TYPE);
    }

    @Test
    void aParameterOutOfRangeIsNamed() throws Exception {
      URI server = mount(r -> Response.text("" + r.queryInt("limit", 1, 10).orElse(5)));
      var answer = get(server.resolve("?limit=11"));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("limit was '11' but it must be a whole number from 1 to 10");
    }

    @Test
    void aHeaderThatWouldEndItsLineIsNotSent() throws Exception {
      URI server = mount(r -> Response.text("x").withHeader("X-Echo", r.query("v").orElse("")));
      for (String value : List.of("a%0D%0ASet-Cookie:x=1", "a%0AX:1", "%C4%8D%C4%8AX:1")) {
        var answer = get(server.resolve("?v=" + value));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "x", "x-echo");
      }
    }
  }

  @Nested
  class BodiesThatAreTooLarge {
    @Test
    void theLargestBodyIsTaken() throws Exception {
      URI server = mount(request -> Response.text("" + request.body().length));
      byte[] body = new byte[MAX_BODY];
      assertThat(
              client
                  .send(post(server, BodyPublishers.ofByteArray(body)), BodyHandlers.ofString())
                  .body())
          .isEqualTo("" + MAX_BODY);
    }

    @Test
    void oneByteMoreIsRefusedWhenTheLengthIsKnown() throws Exception {
      refuses(BodyPublishers.ofByteArray(new byte[MAX_BODY + 1]));
    }

    @Test
    void oneByteMoreIsRefusedWhenItComesInChunks() throws Exception {
      byte[] body = new byte[MAX_BODY + 1];
      refuses(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    @Test
    void aMuchLargerBodyIsRefusedWhileItIsSent() throws Exception {
      refuses(BodyPublishers.ofByteArray(new byte[8 * MAX_BODY]));
    }

    @Test
    void theRefusalComesBeforeTheBodyDoes() throws Exception {
      try (var raw = new RawHttp(mount(request -> Response.text("x")))) {
        raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999\r\n\r\n");
        assertThat(raw.answer())
            .startsWith("HTTP/1.1 413")
            .containsIgnoringCase("connection: close");
      }
    }

    private void refuses(BodyPublisher body) throws Exception {
      URI server = mount(request -> Response.text("x"));
      var answer = client.send(post(server, body), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.headers().firstValue("content-type")).contains(Problem.CONTENT_TYPE);
      assertThat(get(server).body()).isEqualTo("x");
    }
  }

  @Nested
  class HostileClients {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "\u0000\u0001\u0002garbage||",
          "GET||",
          "GET /||",
          "GET / HTTP/1.1|no colon here||",
          "GET / HTTP/1.1|Bad Name: x|Host: h||",
          "GET / HTTP/1.1||",
          "GET / HTTP/1.1|Host: a|Host: b||",
          "GET http://h/ HTTP/1.1||",
          "GET http://h/ HTTP/1.1|Host: a|Host: b||",
          "GET / HTTP/1.1|Host: a/b@c||",
          "G(T / HTTP/1.1|Host: h||",
          "GET /%zz HTTP/1.1|Host: h||",
          "GET /%ff HTTP/1.1|Host: h||",
          "GET /?a=%ff HTTP/1.1|Host: h||",
          "GET /%00 HTTP/1.1|Host: h||",
          "GET /a%0d%0ab HTTP/1.1|Host: h||",
          "GET /../etc/passwd HTTP/1.1|Host: h||",
          "GET /a/%2e%2e/%2E./x HTTP/1.1|Host: h||",
          "GET gopher://h/x HTTP/1.1|Host: h||",
          "GET / HTTP/9.9|Host: h||",
          "POST / HTTP/1.1|Host: h|Content-Length: -1||",
          "POST / HTTP/1.1|Host: h|Content-Length: 1|Content-Length: 2||ab",
          "POST / HTTP/1.1|"
              + "Host: h|"
              + "Content-Length: 3|"
              + "Transfer-Encoding: chunked||"
              + "0||",
          "POST / HTTP/1.1|Host: h|Transfer-Encoding: gzip||abc",
          "POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||xyz|",
          "POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||ffffffff|abc",
          "POST / HTTP/1.1|Host: h|Content-Length: 10||abc",
        })
    void areRefusedWithoutReachingTheEndpoint(String hostile) throws Exception {
      BlockingQueue<String> called = new ArrayBlockingQueue<>(10);
      URI server =
          mount(request -> {
            called.add(request.toString());
            return Response.text("fine");
          });
      try (var raw = new RawHttp(server)) {
        assertThat(raw.send(hostile.replace("|", "\r\n")).finish().untilEnd())
            .doesNotContain("fine", "\tat ", "platformkit");
      }
      assertThat(called).isEmpty();
      assertThat(get(server).body()).isEqualTo("fine");
    }

    @Test
    void aHugeHeadIsRefused() throws Exception {
      URI server = mount(request -> Response.text("fine"));
      try (var raw = new RawHttp(server)) {
        raw.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 10_000; i++) {
                    raw.send("x".repeat(10_000));
                  }
                })
            .isInstanceOf(IOException.class);
      }
      assertThat(get(server).body()).isEqualTo("fine");
    }

    @Test
    void aHugeTargetIsRefused() throws Exception {
      URI server = mount(request -> Response.text("fine"));
      try (var raw = new RawHttp(server)) {
        raw.send("GET /?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(raw.answer()).startsWith("HTTP/1.1 414");
      }
    }

    @Test
    void aClientThatLeavesEarlyHarmsNobody() throws Exception {
      var written = new CountDownLatch(1);
      URI server =
          mount(request ->
              request.query("big").isEmpty()
                  ? Response.text("fine")
                  : Response.stream("text/plain", out -> endless(out, written)));
      try (var raw = new RawHttp(server)) {
        raw.send("GET /?big HTTP/1.1\r\nHost: h\r\n\r\n").head();
      }
      assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(get(server).body()).isEqualTo("fine");
    }

    private static void endless(OutputStream out, CountDownLatch ended) throws IOException {
      try {
        while (true) {
          out.write(HexFormat.of().formatHex(new byte[5000]).getBytes(UTF_8));
        }
      } finally {
        ended.countDown();
      }
    }
  }

  private static Routes routes() {
    return Routes.builder()
        .get("/things/{id}", request -> Response.text("thing " + request.pathVariable("id")))
        .delete("/things/{id}", request -> Response.status(204))
        .get(
            "/fails",
            request -> {
              throw new IllegalStateException("secret: expected by the test");
            })
        .get(
            "/problem",
            request -> {
              throw Problem.of(409, "taken").with("holder", "b2").toException();
            })
        .build();
  }

  private HttpResponse<String> get(URI url) throws Exception {
    return send(url, "GET");
  }

  private HttpResponse<String> send(URI url, String method) throws Exception {
    return client.send(
        HttpRequest.newBuilder(url).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest post(URI url, BodyPublisher body) {
    return HttpRequest.newBuilder(url).POST(body).build();
  }
}
