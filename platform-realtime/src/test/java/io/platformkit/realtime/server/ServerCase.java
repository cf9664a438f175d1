package io.platformkit.realtime.server;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What tests of servers need: whatever they open is closed at the end, the last one first. */
public abstract class ServerCase {
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    opened.clear();
  }

  /** Closes it at the end of the test. */
  protected final <C extends AutoCloseable> C closing(C one) {
    opened.add(one);
    return one;
  }

  /** Builds and starts it. */
  protected final RealtimeServer started(RealtimeServerBuilder builder) {
    RealtimeServer server = closing(builder.build());
    server.start();
    return server;
  }

  /** A client that is in. */
  final TestClient client(RealtimeServer server) {
    return in(TestClient.connect(server));
  }

  /** A client that is in by its token. */
  final TestClient client(RealtimeServer server, String token) {
    return in(TestClient.connect(server, "/ws", token));
  }

  private TestClient in(TestClient client) {
    closing(client).await("connected");
    return client;
  }
}
