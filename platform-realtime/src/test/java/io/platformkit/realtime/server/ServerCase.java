package io.platformkit.realtime.server;

import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.identity.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** What tests of servers need: whatever they open is closed at the end, the last one first. */
public abstract class ServerCase {
  /** The token is the name, until a time that may follow an at sign; {@code wrong} is nobody's. */
  protected static final Authenticator NAMES =
      (credentials, peer) -> {
        String[] parts = credentials.secret().split("@", 2);
        Optional<Instant> until =
            parts.length == 1 ? Optional.empty() : Optional.of(Instant.parse(parts[1]));
        return parts[0].equals("wrong")
            ? new Authentication.Refused(Refusal.MALFORMED)
            : new Authentication.Authenticated(Principal.of(parts[0]), until);
      };

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

  /** It has been closed, in a way that the test wanted to see. */
  final void forget(AutoCloseable one) {
    opened.remove(one);
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
