package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.PlatformException;
import io.platformkit.core.PortContract;
import io.platformkit.core.SettableClock;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What a {@link MetricStore} on a server promises when the network or its server fails, beyond
 * {@link MetricStoreContract}: what was acknowledged is there, and roll-ups count nothing twice.
 */
public abstract class MetricStoreServerContract extends PortContract {
  private static final SeriesKey CPU = SeriesKey.of("cpu");
  private static final Instant START = SettableClock.START.minus(Duration.ofHours(1));

  private final SettableClock clock = SettableClock.create();

  /** For subclasses. */
  protected MetricStoreServerContract() {}

  /**
   * Opens a store by a connection of its own. Hand what else is to be closed to {@link #closing}.
   */
  protected abstract MetricStore open(Way way, InstantSource clock, String namespace);

  /**
   * What a new connection sends when it makes a write last. Needed with {@link Feature#NETWORK}
   * alone.
   */
  protected String commit() {
    throw new UnsupportedOperationException("commit() is needed for %s".formatted(server()));
  }

  @Override
  protected final String port() {
    return "MetricStore";
  }

  private MetricStore open(Way way) {
    return closing(open(way, clock, namespace()));
  }

  /** One sample a millisecond of the hour: at 3 it is 3. */
  private static CompletableFuture<Void> write(MetricStore store, int from, int to) {
    return write(store, CPU, from, to);
  }

  private static CompletableFuture<Void> write(
      MetricStore store, SeriesKey series, int from, int to) {
    return store.write(
        series,
        LongStream.range(from, to).map(i -> START.toEpochMilli() + i).toArray(),
        IntStream.range(from, to).asDoubleStream().toArray());
  }

  /** What is stored of the hour, and that its roll-up says the same. */
  private static List<Integer> stored(MetricStore store) {
    MetricQuery raw =
        MetricQuery.builder("cpu", START, SettableClock.START).maxPoints(100_000).build();
    List<Series> found = store.query(raw);
    List<Integer> values = new ArrayList<>();
    for (int i = 0; !found.isEmpty() && i < found.getFirst().size(); i++) {
      values.add((int) found.getFirst().valueAt(i));
    }
    if (!values.isEmpty()) {
      assertThat(rolledUp(store, Aggregation.COUNT)).isEqualTo(values.size());
      assertThat(rolledUp(store, Aggregation.SUM))
          .isEqualTo(values.stream().mapToInt(value -> value).sum());
    }
    return values;
  }

  private static double rolledUp(MetricStore store, Aggregation aggregation) {
    MetricQuery hour =
        MetricQuery.builder("cpu", START, SettableClock.START)
            .step(Duration.ofHours(1), aggregation)
            .build();
    return store.query(hour).getFirst().valueAt(0);
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static void recover(TcpProxy proxy) {
    proxy.refuse();
    proxy.restore();
  }

  @Needs(Feature.NETWORK)
  void aWriteWhoseCommitIsNotAnsweredCountsOnce() {
    TcpProxy proxy = newProxy();
    MetricStore direct = open(way());
    MetricStore store = open(wayThrough(proxy));
    get(write(store, 0, 10));
    proxy.cut();
    proxy.dropRepliesTo(commit());
    CompletableFuture<Void> written = write(store, 10, 20);
    await().until(() -> stored(direct).size() == 20);
    assertThat(written).isNotDone();
    recover(proxy);
    get(written);
    get(write(store, 20, 30));
    assertThat(stored(direct)).isEqualTo(numbers(0, 30));
  }

  @Needs(Feature.NETWORK)
  void aWriteWhoseCommitIsNotAnsweredCountsOnceBesideAnothersWrites() {
    TcpProxy proxy = newProxy();
    MetricStore direct = open(way());
    MetricStore store = open(wayThrough(proxy));
    get(write(store, 0, 10));
    proxy.cut();
    proxy.dropRepliesTo(commit());
    CompletableFuture<Void> written = write(store, 10, 20);
    await().until(() -> stored(direct).size() == 20);
    get(write(direct, 20, 30));
    recover(proxy);
    get(written);
    assertThat(stored(direct)).isEqualTo(numbers(0, 30));
  }

  @Needs(Feature.NETWORK)
  void writesOverACutConnectionAreThereAndCountOnce() {
    TcpProxy proxy = newProxy();
    MetricStore store = open(wayThrough(proxy));
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      writes.add(write(store, i, i + 1));
      if (i % 20 == 10) {
        get(writes.get(i - 5));
        proxy.cut();
      }
    }
    writes.forEach(PortContract::get);
    assertThat(stored(open(way()))).isEqualTo(numbers(0, 200));
  }

  @Needs(Feature.NETWORK)
  void aServerThatCanNotBeAskedIsUnavailableUntilItCan() {
    TcpProxy proxy = newProxy();
    MetricStore store = open(wayThrough(proxy).timeout(Duration.ofSeconds(1)));
    get(write(store, 0, 10));
    proxy.refuse();
    assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> stored(store));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> get(write(store, 10, 20)));
    proxy.restore();
    await().ignoreExceptions().until(() -> stored(store).size() == 10);
    get(write(store, 20, 30));
    assertThat(stored(store)).hasSize(20).endsWith(29);
  }

  @Needs(Feature.RESTART)
  void whatWasAcknowledgedSurvivesARestartInMidUseAndCountsOnce() {
    ContractServer server = ownServer();
    MetricStore store = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    AtomicBoolean restarted = new AtomicBoolean();
    Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    CompletableFuture<Integer> writer =
        async(() -> {
          int next = 0;
          for (int after = 0; after < 20; after += restarted.get() ? 1 : 0) {
            try {
              get(write(store, next, next + 1));
              acknowledged.add(next);
            } catch (PlatformException unknownOrNotDone) {
              assertThat(restarted).isFalse();
            }
            next++;
          }
          return next;
        });
    await().until(() -> acknowledged.size() > 20);
    server.restart();
    restarted.set(true);
    get(writer);
    assertThat(stored(open(wayTo(server)))).isSorted().containsAll(acknowledged);
  }

  @Needs(Feature.SNAPSHOT)
  void seriesOfAServerThatWasRolledBackAreNotMistakenForOthers() {
    ContractServer server = ownServer();
    MetricStore store = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    server.snapshot();
    get(write(store, 0, 10));
    server.restore();
    MetricStore other = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    get(write(other, SeriesKey.of("memory"), 0, 5));
    await().ignoreExceptions().until(() -> isDone(write(store, 10, 20)));
    assertThat(stored(other)).isEqualTo(numbers(10, 20));
    assertThat(other.metrics()).containsExactly("cpu", "memory");
  }

  /** The first write may be refused: what its store knew of the tables is no longer so. */
  private static boolean isDone(CompletableFuture<Void> write) {
    get(write);
    return true;
  }
}
