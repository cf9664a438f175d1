package io.platformkit.benchmarks.stores;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import io.platformkit.benchmarks.LoadDuel;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.redis.Redis;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** {@code ./bench duel stores}: each port on each server, beside the plain client. */
public final class StoresDuel {
  private static final int CALLERS = 16;
  private static final int KEYS = 10_000;
  private static final int VALUE = 200;
  private static final int BATCH = 100;

  private final Duel duel;
  private final LoadDuel load;
  private final byte[] value = new byte[VALUE];

  private StoresDuel(Duel duel) {
    this.duel = duel;
    this.load = LoadDuel.of(duel);
    new Random(1).nextBytes(value);
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}, {@code --only=Redis} or the beginning of another
   *     metric
   */
  public static void main(String[] args) throws Exception {
    Duel duel = Duel.of("stores", args);
    duel.title(
        "%d callers, values of %d bytes, JDK %s".formatted(CALLERS, VALUE, Runtime.version()));
    try (Servers servers = new Servers()) {
      StoresDuel stores = new StoresDuel(duel);
      if (duel.wants("Redis")) {
        stores.redis(servers);
      }
      if (duel.wants("PostgreSQL")) {
        stores.postgres(servers);
      }
      if (duel.wants("SQLite")) {
        stores.sqlite(servers);
      }
    }
  }

  private void redis(Servers servers) throws Exception {
    String uri = servers.redis();
    Redis redis = Redis.connect(uri);
    try (Store ours =
            new Ports(
                redis.keyValues("duel"), redis.eventLog(EventLogOptions.of("duel")), redis::close);
        Store plain = new PlainRedis(uri)) {
      compare("Redis", "Lettuce", ours, plain, Kind.LIMIT);
    }
  }

  private void postgres(Servers servers) throws Exception {
    HikariDataSource host = servers.postgres(2 * CALLERS);
    Jdbc jdbc = Jdbc.builder(host).connections(CALLERS).listenerDataSource(host).build();
    try (Store ours =
            new Ports(
                jdbc.keyValues("duel"), jdbc.eventLog(EventLogOptions.of("duel")), jdbc::close);
        Store plain = new PlainPostgres(host)) {
      compare("PostgreSQL", "pgjdbc, one statement", ours, plain, Kind.PEER);
    }
  }

  private void sqlite(Servers servers) throws Exception {
    Jdbc jdbc = Jdbc.builder(servers.sqlitePool("ours", CALLERS + 1)).connections(CALLERS).build();
    try (Store ours =
            new Ports(
                jdbc.keyValues("duel"), jdbc.eventLog(EventLogOptions.of("duel")), jdbc::close);
        Store plain = new PlainSqlite(servers.sqlite("plain"))) {
      compare("SQLite", "sqlite-jdbc, one commit", ours, plain, Kind.PEER);
    }
  }

  /**
   * Runs all rows on one server.
   *
   * @param appends what the peer is where the adapter commits in groups and the peer does not
   */
  private void compare(String server, String peer, Store ours, Store plain, Kind appends)
      throws Exception {
    for (Store store : List.of(ours, plain)) {
      for (int i = 0; i < KEYS; i++) {
        store.put("key-" + i, value);
      }
      store.appendAll("full", Collections.nCopies(BATCH, value));
    }
    row(server + ": get", CALLERS, 1, peer, Kind.LIMIT, s -> get(s), ours, plain);
    row(server + ": put", CALLERS, 1, peer, appends, s -> put(s), ours, plain);
    row(server + ": compare and set", CALLERS, 1, peer, appends, s -> swap(s), ours, plain);
    row(server + ": append, one stream", CALLERS, 1, peer, appends, s -> append(s), ours, plain);
    row(server + ": append, batches", 2, BATCH, peer, Kind.LIMIT, s -> batches(s), ours, plain);
    row(server + ": read " + BATCH, 4, BATCH, peer, Kind.LIMIT, s -> read(s), ours, plain);
    tail(server + ": append until a tail has it", peer, ours, plain);
  }

  /** What a caller of one side does. */
  private interface Work {
    LoadDuel.Call on(Store store) throws Exception;
  }

  private void row(
      String metric, int callers, int units, String peer, Kind kind, Work work, Store a, Store b)
      throws Exception {
    if (duel.wants(metric)) {
      load.run(metric, callers, units, work.on(a), peer, kind, work.on(b));
    }
  }

  private LoadDuel.Call get(Store store) {
    return (caller, turn) -> require(store.get(key(caller, turn)).length == VALUE, "a value");
  }

  private LoadDuel.Call put(Store store) {
    return (caller, turn) -> store.put(key(caller, turn), value);
  }

  private static String key(int caller, long turn) {
    return "key-" + (caller * 7919L + turn * 31) % KEYS;
  }

  /** Each caller has a key of its own, and goes on from the version that it wrote last. */
  private LoadDuel.Call swap(Store store) {
    long[] versions = new long[CALLERS];
    return (caller, turn) ->
        versions[caller] = store.compareAndSet("swap-" + caller, versions[caller], value);
  }

  private LoadDuel.Call append(Store store) {
    return (caller, turn) -> store.append("hot", value);
  }

  private LoadDuel.Call batches(Store store) {
    List<byte[]> batch = Collections.nCopies(BATCH, value);
    return (caller, turn) -> store.appendAll("batches-" + caller, batch);
  }

  private LoadDuel.Call read(Store store) {
    return (caller, turn) -> require(store.read("full", BATCH) == BATCH, "a full page");
  }

  private void tail(String metric, String peer, Store ours, Store plain) throws Exception {
    if (!duel.wants(metric)) {
      return;
    }
    for (Store store : List.of(ours, plain)) {
      store.append("tailed", value);
    }
    try (Store.Follower our = ours.follow("tailed");
        Store.Follower other = plain.follow("tailed")) {
      load.run(
          metric,
          1,
          1,
          (caller, turn) -> {
            ours.append("tailed", value);
            our.awaitNext();
          },
          peer,
          Kind.LIMIT,
          (caller, turn) -> {
            plain.append("tailed", value);
            other.awaitNext();
          });
    }
  }

  private static void require(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException("the answer was not " + what);
    }
  }
}
