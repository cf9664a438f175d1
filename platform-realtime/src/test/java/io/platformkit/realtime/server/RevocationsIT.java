package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.Bounds;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscription;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.realtime.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RevocationsIT {
  private static final Authenticator NAMES =
      (credentials, peer) ->
          new Authentication.Authenticated(Principal.of(credentials.secret()), Optional.empty());

  private final InMemoryKeyValueStore store = InMemoryKeyValueStore.create();
  private final LossyBus bus = new LossyBus();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(store, bus));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <C extends AutoCloseable> C closing(C one) {
    opened.add(one);
    return one;
  }

  /** Loses all that is published, and says so when it is told to. */
  private static final class LossyBus implements MessageBus {
    private final InMemoryMessageBus bus = InMemoryMessageBus.create();
    private final List<BusListener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] data) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Subscription subscribe(String topic, BusListener listener) {
      listeners.add(listener);
      return bus.subscribe(topic, listener);
    }

    void tellThatSomeWereMissed() {
      listeners.forEach(BusListener::onMissed);
    }

    @Override
    public void close() {
      bus.close();
    }
  }

  private TestClient client(RealtimeServer server, String name) {
    TestClient client = closing(TestClient.connect(server, "/ws", name));
    client.await("connected");
    return client;
  }

  @Test
  void whoseRevocationWasNotHeardIsFoundInTheStore() {
    RealtimeServer server =
        closing(RealtimeServer.builder().authenticator(NAMES).revocations(store).bus(bus).build());
    server.start();
    TestClient ann = client(server, "ann");
    TestClient again = client(server, "ann");
    TestClient ben = client(server, "ben");

    server.revoke("ann", Duration.ofHours(1));
    bus.tellThatSomeWereMissed();

    assertThat(ann.closeCode()).isEqualTo(CloseReason.UNAUTHORIZED.code());
    assertThat(again.closeCode()).isEqualTo(CloseReason.UNAUTHORIZED.code());
    ben.send("ping", "1", null);
    ben.await("pong");
  }

  @Test
  void theStoreIsAskedAboutAnyNumberOfPrincipals() {
    Gate gate =
        new Gate(
            Optional.of(NAMES),
            new Tokens(request -> Optional.empty()),
            Optional.of(store),
            (where, failure) -> {});
    String longest = "x".repeat(Bounds.NAME_BYTES);
    List<String> names =
        Stream.concat(
                IntStream.range(0, 1_201).mapToObj(i -> "user-" + i), Stream.of(longest, "last"))
            .toList();
    List<String> revoked = List.of("user-0", "user-499", "user-500", "user-1200", longest);
    revoked.forEach(name -> gate.revoke(name, Duration.ofHours(1)));

    assertThat(gate.revokedAmong(names)).containsExactlyInAnyOrderElementsOf(revoked);
    assertThat(gate.revokedAmong(List.of())).isEmpty();
  }

  @Test
  void withoutAStoreNobodyIsRevoked() {
    RealtimeServer server = closing(RealtimeServer.builder().bus(bus).build());
    assertThatThrownBy(() -> server.revoke("ann", Duration.ofHours(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("revocations");
  }
}
