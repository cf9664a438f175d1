package io.platformkit.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.platformkit.core.ContractServer;
import io.platformkit.core.EmbeddedServer;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemoryKeyValueStoreTest extends KeyValueStoreContract {
  private static final Ttl MINUTE = Ttl.of(Duration.ofMinutes(1));

  private final EmbeddedServer memory = EmbeddedServer.of("memory");
  private final SettableClock clock = SettableClock.create();

  @Override
  protected ContractServer server() {
    return memory;
  }

  @Override
  protected KeyValueStore open(Way way, KeyValueOptions options) {
    return memory.port(
        options,
        () ->
            InMemoryKeyValueStore.builder()
                .clock(memory.clock())
                .scannable(options.scannable())
                .build());
  }

  @Test
  void expiredKeysAreRemovedWithoutBeingRead() {
    InMemoryKeyValueStore store = InMemoryKeyValueStore.builder().clock(clock).build();
    IntStream.range(0, 1_000).forEach(i -> store.put("k" + i, bytes("v"), MINUTE));
    clock.advance(Duration.ofMinutes(2));
    assertThat(store.size()).isEqualTo(1_000);
    IntStream.range(0, 100).forEach(i -> store.put("other", bytes("v"), MINUTE));
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void overwritingLeavesNothingBehind() {
    InMemoryKeyValueStore store = InMemoryKeyValueStore.builder().clock(clock).build();
    IntStream.range(0, 1_000).forEach(i -> store.put("k", bytes("v"), MINUTE));
    assertThat(store.size()).isEqualTo(1);
    store.put("k", bytes("v"), Ttl.NEVER);
    clock.advance(Duration.ofDays(1));
    assertThat(store.get("k")).isPresent();
  }

  @Test
  void moreKeysThanAllowedAreRefused() {
    InMemoryKeyValueStore store =
        InMemoryKeyValueStore.builder().clock(clock).maxEntries(2).build();
    store.put("a", bytes("v"), MINUTE);
    store.put("b", bytes("v"), MINUTE);
    store.put("b", bytes("again"), MINUTE);
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> store.put("c", bytes("v"), MINUTE))
        .withMessageContaining("maxEntries, 2");
    clock.advance(Duration.ofMinutes(1));
    store.put("c", bytes("v"), MINUTE);
    assertThat(store.get("c")).isPresent();
  }

  @Test
  void valuesMayBeBoundedInAnotherWay() {
    InMemoryKeyValueStore store = InMemoryKeyValueStore.builder().maxValueBytes(2).build();
    store.put("a", bytes("ab"), Ttl.NEVER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.put("a", bytes("abc"), Ttl.NEVER))
        .withMessageContaining("at most 2");
  }

  @Test
  void wrongOptionsAreRefusedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InMemoryKeyValueStore.builder().maxValueBytes(0).maxEntries(0).build())
        .withMessageContainingAll("maxValueBytes was '0'", "maxEntries was '0'");
    assertThatIllegalStateException()
        .isThrownBy(() -> InMemoryKeyValueStore.builder().maxEntries(1).maxEntries(1))
        .withMessage("maxEntries was already set");
  }
}
