package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.Bounds;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.realtime.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RevocationsIT extends ServerCase {
  private final InMemoryKeyValueStore store = closing(InMemoryKeyValueStore.create());
  private final TestBus bus = closing(new TestBus());

  @Test
  void whoseRevocationWasNotHeardIsFoundInTheStore() {
    RealtimeServer server =
        closing(RealtimeServer.builder().authenticator(NAMES).revocations(store).bus(bus).build());
    server.start();
    TestClient ann = client(server, "ann");
    TestClient again = client(server, "ann");
    TestClient ben = client(server, "ben");

    bus.lose();
    server.revoke("ann", Duration.ofHours(1));
    bus.tellMissed();

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
