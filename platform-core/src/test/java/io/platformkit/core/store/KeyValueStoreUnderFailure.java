package io.platformkit.core.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PortContract;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** What a key-value store promises when the network or its server fails. */
abstract class KeyValueStoreUnderFailure extends PortContract {
  /**
   * Opens a store by a connection of its own; embedded, the same store for the same namespace. Hand
   * what else is to be closed to {@link #closing}.
   */
  protected abstract KeyValueStore open(Way way, KeyValueOptions options);

  @Override
  protected final String port() {
    return "KeyValueStore";
  }

  /** A store of this test's namespace. */
  final KeyValueStore open(Way way) {
    return closing(open(way, KeyValueOptions.of(namespace())));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(Optional<Versioned> found) {
    return found.map(there -> new String(there.value(), UTF_8)).orElse("absent");
  }

  /** Does it while replies are lost, until others see it done; then the network works again. */
  private <T> CompletableFuture<T> loseTheReply(
      TcpProxy proxy, Callable<T> call, BooleanSupplier done) {
    proxy.dropReplies();
    CompletableFuture<T> outcome = async(call);
    await().until(done::getAsBoolean);
    return outcome;
  }

  private static void recover(TcpProxy proxy) {
    proxy.refuse();
    proxy.restore();
  }

  @Needs(Feature.NETWORK)
  void aPutWhoseReplyIsLostIsDoneOnce() {
    TcpProxy proxy = newProxy();
    KeyValueStore direct = open(way());
    KeyValueStore store = open(wayThrough(proxy));
    store.put("k", bytes("old"), Ttl.NEVER);
    CompletableFuture<Long> put =
        loseTheReply(
            proxy,
            () -> store.put("k", bytes("new"), Ttl.NEVER),
            () -> text(direct.get("k")).equals("new"));
    recover(proxy);
    assertThat(direct.get("k")).contains(new Versioned(bytes("new"), get(put)));
  }

  @Needs(Feature.NETWORK)
  void aWinnerWhoseReplyIsLostIsNotToldOfAConflict() {
    TcpProxy proxy = newProxy();
    KeyValueStore direct = open(way());
    KeyValueStore store = open(wayThrough(proxy));
    assertThat(store.get("k")).isEmpty();
    CompletableFuture<Cas> won =
        loseTheReply(
            proxy,
            () -> store.compareAndSet("k", KeyValueStore.ABSENT, bytes("mine"), Ttl.NEVER),
            () -> direct.get("k").isPresent());
    recover(proxy);
    long version = direct.get("k").orElseThrow().version();
    assertThat(get(won)).isEqualTo(new Cas.Stored(version));
    assertThat(direct.get("k")).contains(new Versioned(bytes("mine"), version));
  }

  @Needs(Feature.NETWORK)
  void aWinnerThatWasOverwrittenBeforeItHeardIsNotToldOfAConflict() {
    TcpProxy proxy = newProxy();
    KeyValueStore direct = open(way());
    KeyValueStore store = open(wayThrough(proxy));
    long before = store.put("k", bytes("old"), Ttl.NEVER);
    CompletableFuture<Cas> won =
        loseTheReply(
            proxy,
            () -> store.compareAndSet("k", before, bytes("mine"), Ttl.NEVER),
            () -> text(direct.get("k")).equals("mine"));
    direct.put("k", bytes("theirs"), Ttl.NEVER);
    recover(proxy);
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> get(won));
    assertThat(text(direct.get("k"))).isEqualTo("theirs");
  }

  @Needs(Feature.NETWORK)
  void aConditionalDeleteWhoseReplyIsLostIsUnknown() {
    TcpProxy proxy = newProxy();
    KeyValueStore direct = open(way());
    KeyValueStore store = open(wayThrough(proxy));
    long version = store.put("k", bytes("old"), Ttl.NEVER);
    CompletableFuture<Cas> deleted =
        loseTheReply(proxy, () -> store.deleteIf("k", version), () -> direct.get("k").isEmpty());
    recover(proxy);
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> get(deleted));
  }

  @Needs(Feature.NETWORK)
  void aChangeWithoutAnyReplyIsUnknownWhenItsTimeIsUp() {
    TcpProxy proxy = newProxy();
    KeyValueStore direct = open(way());
    KeyValueStore store = open(wayThrough(proxy).timeout(Duration.ofSeconds(1)));
    store.put("k", bytes("old"), Ttl.NEVER);
    proxy.dropReplies();
    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> store.put("k", bytes("new"), Ttl.NEVER));
    assertThat(text(direct.get("k"))).isEqualTo("new");
    recover(proxy);
    await().ignoreExceptions().until(() -> text(store.get("k")).equals("new"));
  }

  @Needs(Feature.NETWORK)
  void aServerThatCanNotBeAskedIsUnavailableUntilItCan() {
    TcpProxy proxy = newProxy();
    KeyValueStore store = open(wayThrough(proxy).timeout(Duration.ofSeconds(1)));
    store.put("k", bytes("old"), Ttl.NEVER);
    proxy.refuse();
    assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> store.get("k"));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> store.put("k", bytes("new"), Ttl.NEVER));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> store.compareAndSet("k", 0, bytes("new"), Ttl.NEVER));
    proxy.restore();
    await().ignoreExceptions().until(() -> text(store.get("k")).equals("old"));
  }

  @Needs(Feature.NETWORK)
  void aCallGoesOnOverACutConnection() {
    TcpProxy proxy = newProxy();
    KeyValueStore store = open(wayThrough(proxy));
    for (int i = 0; i < 5; i++) {
      store.put("k", bytes("value " + i), Ttl.NEVER);
      proxy.cut();
      assertThat(text(store.get("k"))).isEqualTo("value " + i);
    }
  }

  @Needs(Feature.RESTART)
  void whatWasAcknowledgedSurvivesARestartInMidUse() {
    ContractServer server = ownServer();
    KeyValueStore store = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    store.put("last", bytes("-1"), Ttl.NEVER);
    AtomicBoolean restarted = new AtomicBoolean();
    CompletableFuture<Map<String, Long>> writer =
        async(() -> {
          Map<String, Long> acknowledged = new HashMap<>();
          for (int i = 0; !restarted.get() || i < 50; i++) {
            String key = "k" + i % 500;
            acknowledged.put(key, store.put(key, bytes(key), Ttl.of(Duration.ofHours(1))));
          }
          return acknowledged;
        });
    await().until(() -> store.get("k20").isPresent());
    server.restart();
    restarted.set(true);
    Map<String, Long> acknowledged = get(writer);
    KeyValueStore again = open(wayTo(server));
    assertThat(acknowledged)
        .allSatisfy((key, version) ->
            assertThat(again.get(key)).contains(new Versioned(bytes(key), version)));
  }
}
