package io.platformkit.realtime.http;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** What tests of servers need: they record failures and meters, and are closed at the end. */
abstract class NettyHttpCase {
  static final HttpEndpoint FINE = request -> Response.text("fine");
  static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  final List<String> failures = new CopyOnWriteArrayList<>();
  final SettableClock clock = SettableClock.create();
  final ManualTimers timers = ManualTimers.with(clock);
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<NettyHttpServer> servers = new ArrayList<>();

  /** Time stands still unless the test moves it. */
  HttpConnections.Builder options(HttpEndpoint endpoint) {
    return HttpConnections.builder(endpoint)
        .errorHandler((where, failure) -> failures.add(where))
        .meterRegistry(meters)
        .clock(clock)
        .timers(timers);
  }

  NettyHttpServer start(HttpConnections.Builder options) throws Exception {
    return start(Transport.best(), options);
  }

  NettyHttpServer start(Transport transport, HttpConnections.Builder options) throws Exception {
    return closedAtTheEnd(NettyHttpServer.start(transport, options));
  }

  NettyHttpServer closedAtTheEnd(NettyHttpServer server) {
    servers.add(server);
    return server;
  }

  @AfterEach
  void closeServers() {
    servers.forEach(NettyHttpServer::close);
  }

  /** How often it was counted. */
  double count(String counter, String reason) {
    var found = meters.find("platform.realtime.http." + counter).tag("reason", reason).counter();
    return found == null ? 0 : found.count();
  }

  static void awaitPhase(NettyHttpServer server, Phase phase) {
    await().until(() -> server.phases().equals(List.of(phase)));
  }

  static void awaitNoConnection(NettyHttpServer server) {
    await().until(() -> server.phases().isEmpty());
  }
}
