package io.platformkit.realtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.RawHttp;
import io.platformkit.core.http.Response;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do whatever they like, on few slots: nothing of them stays behind. */
class HttpChaosIT extends NettyHttpCase {
  private static final int CLIENTS = 16;
  private static final int VISITS = 100;
  private static final long SEED = 18;

  private static final String[] PIECES = {
    GET,
    GET,
    GET.repeat(20),
    "GET /large HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: h\r\n\r\n",
    "GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /broken HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n",
    "garbage\r\n\r\n",
  };

  private final HttpEndpoint endpoint =
      request ->
          switch (request.path()) {
            case "/large" -> Response.ok(new byte[300_000], "application/octet-stream");
            case "/broken" ->
                Response.stream(
                    "text/plain",
                    out -> {
                      out.write("half".getBytes(UTF_8));
                      throw new IOException("expected by the test");
                    });
            default -> Response.text("fine");
          };

  @ParameterizedTest
  @EnumSource(Transport.class)
  void nothingStaysBehind(Transport transport) throws Exception {
    HttpOptions narrow = HttpOptions.builder().maxConcurrentRequests(3).build();
    NettyHttpServer server = start(transport, options(endpoint).options(narrow));
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        RandomGenerator random = new SplittableRandom(SEED + i);
        clients.add(CompletableFuture.runAsync(() -> visit(server.uri(), random), threads));
      }
      clients.forEach(CompletableFuture::join);
    }
    await("seed " + SEED).until(() -> server.phases().isEmpty());
    await().until(() -> server.http().serving().slots().taken() == 0);
    assertThat(failures).allMatch(failure -> failure.matches("body of .* /broken"));
    try (var raw = new RawHttp(server.uri())) {
      assertThat(raw.send(GET).answer()).endsWith("fine");
    }
  }

  private static void visit(URI server, RandomGenerator random) {
    for (int i = 0; i < VISITS; i++) {
      try (var raw = new RawHttp(server)) {
        for (int n = random.nextInt(4); n >= 0; n--) {
          String piece = PIECES[random.nextInt(PIECES.length)];
          boolean whole = random.nextInt(4) > 0;
          raw.send(whole ? piece : piece.substring(0, random.nextInt(piece.length())));
        }
        switch (random.nextInt(4)) {
          case 0, 1 -> raw.finish().untilEnd();
          case 2 -> raw.finish();
          default -> raw.in().skipNBytes(raw.in().available());
        }
      } catch (IOException refused) {
        // the server may end the connection at any time
      }
    }
  }
}
