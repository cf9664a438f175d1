package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.LeaseLostException;
import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.RecordingTail;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** What is special about the ports on PostgreSQL. */
@Timeout(60)
class PostgresPortsIT {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private String namespace = "";
  private HikariDataSource pool;
  private Jdbc jdbc;

  @BeforeEach
  void open() {
    namespace = "special" + NAMESPACES.incrementAndGet();
    pool = closing(PostgresServer.shared().pool());
    jdbc = closing(Jdbc.builder(pool).listenerDataSource(pool).build());
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  private <C extends AutoCloseable> C closing(C something) {
    opened.push(something);
    return something;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static List<String> texts(Read read) {
    return ((Read.Entries) read)
        .entries().stream().map(entry -> new String(entry.data(), UTF_8)).toList();
  }

  private EventLog log() {
    return jdbc.eventLog(EventLogOptions.of(namespace));
  }

  /** A connection of the host's, in a transaction. */
  private Connection transaction() throws SQLException {
    Connection connection = closing(PostgresServer.shared().plain().getConnection());
    connection.setAutoCommit(false);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(String sql) {
    try (Connection connection = PostgresServer.shared().plain().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitSomebodyWaitingFor(String query) {
    await()
        .until(() ->
            count(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"
                        + query
                        + "%'")
                > 0);
  }

  @Nested
  class WhenTransactionsCommitOutOfOrder {
    @Test
    void noEntryIsLostToAReader() throws Exception {
      EventLog log = log();
      Position before = log.head("s");
      Connection other = transaction();
      execute(
          other,
          """
          SELECT * FROM platform_append('%s', '{s}', '{NULL}', '{NULL}', '{NULL}', '{1}', '{5}', '{77}', '{77}',
          '{1}', '{1}', '{77}', ARRAY['first'::bytea], 'e', 5, NULL, 300000000, NULL)\
          """
              .formatted(namespace));
      CompletableFuture<Position> second = log.append("s", bytes("second"));
      awaitSomebodyWaitingFor("platform_append");
      assertThat(texts(log.read("s", before, 10))).isEmpty();
      other.commit();
      assertThat(second.get().offset()).isEqualTo(before.offset() + 2);
      assertThat(texts(log.read("s", before, 10))).containsExactly("first", "second");
    }

    @Test
    void anAppendThatIsRolledBackLeavesNoHole() throws Exception {
      EventLog log = log();
      Position first = log.append("s", bytes("first")).get();
      Connection other = transaction();
      execute(
          other,
          "UPDATE platform_streams SET head = head + 1 WHERE namespace = '" + namespace + "'");
      CompletableFuture<Position> second = log.append("s", bytes("second"));
      awaitSomebodyWaitingFor("platform_append");
      other.rollback();
      assertThat(second.get().offset()).isEqualTo(first.offset() + 1);
    }

    @Test
    void batchesOfManyStreamsDoNotBlockEachOther() throws Exception {
      EventLog one = log();
      EventLog two =
          closing(Jdbc.on(closing(PostgresServer.shared().pool())))
              .eventLog(EventLogOptions.of(namespace));
      List<CompletableFuture<Position>> all = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        all.add(one.append("s" + i % 50, bytes("a")));
        all.add(two.append("s" + (49 - i % 50), bytes("b")));
      }
      for (CompletableFuture<Position> each : all) {
        assertThat(each.get().offset()).isPositive();
      }
      for (int i = 0; i < 50; i++) {
        assertThat(one.head("s" + i).offset()).isEqualTo(80);
      }
    }
  }

  @Nested
  class WhenTheListenerIsKilled {
    private void killListener() {
      long killed =
          count(
              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '%s'"
                  .formatted(namespace));
      assertThat(killed).isPositive();
    }

    @Test
    void aTailIsCompleteAndTheBusSaysThatItMissedSomething() throws Exception {
      PGSimpleDataSource listening = new PGSimpleDataSource();
      listening.setServerNames(new String[] {"127.0.0.1"});
      listening.setPortNumbers(new int[] {PostgresServer.shared().port()});
      listening.setDatabaseName("postgres");
      listening.setUser("postgres");
      listening.setApplicationName(namespace);
      Jdbc hearing = closing(Jdbc.builder(pool).listenerDataSource(listening).build());
      RecordingTail told = new RecordingTail();
      EventLog reading = hearing.eventLog(EventLogOptions.of(namespace));
      reading.tail(told).add("s", reading.head("s"));
      Missing missing = new Missing();
      MessageBus bus = hearing.messageBus(namespace);
      closing(bus.subscribe("t", missing));
      EventLog writing =
          closing(Jdbc.on(closing(PostgresServer.shared().pool())))
              .eventLog(EventLogOptions.of(namespace));
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        writing.append("s", bytes("e" + i)).get();
        expected.add("e" + i);
        if (i == 150) {
          killListener();
        }
      }
      told.awaitTexts("s", expected);
      await().until(() -> missing.count.get() > 0);
      bus.publish("t", bytes("again")).get();
      await().until(() -> missing.messages.contains("again"));
    }
  }

  private static final class Missing implements BusListener {
    private final AtomicInteger count = new AtomicInteger();
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void onMessage(byte[] data) {
      messages.add(new String(data, UTF_8));
    }

    @Override
    public void onMissed() {
      count.incrementAndGet();
    }
  }

  @Nested
  class ABus {
    @Test
    void equalMessagesDoNotBecomeOneHoweverLargeTheyAre() throws Exception {
      MessageBus bus = jdbc.messageBus(namespace);
      Missing heard = new Missing();
      closing(bus.subscribe("t", heard));
      List<CompletableFuture<Void>> sent = new ArrayList<>();
      for (int bytes : new int[] {10, 6_500, 64_000}) {
        IntStream.range(0, 20).forEach(i -> sent.add(bus.publish("t", bytes("x".repeat(bytes)))));
      }
      for (CompletableFuture<Void> each : sent) {
        each.get();
      }
      await().until(() -> heard.messages.size() == 60);
      assertThat(heard.messages.stream().map(String::length)).isSorted();
      assertThat(heard.count).hasValue(0);
    }

    @Test
    void needsAListener() {
      Jdbc without = closing(Jdbc.on(pool));
      assertThatIllegalStateException()
          .isThrownBy(without::messageBus)
          .withMessageContaining("listenerDataSource");
    }
  }

  @Test
  void whatIsOverIsRemovedFromTheTables() throws Exception {
    ManualTimers timers = ManualTimers.with(SettableClock.create());
    Jdbc cleaned =
        closing(
            Jdbc.builder(pool).prefix(namespace).timers(timers).listenerDataSource(pool).build());
    KeyValueStore store = cleaned.keyValues();
    store.put("k", bytes("v"), Ttl.of(Duration.ofMillis(1)));
    store.put("kept", bytes("v"), Ttl.NEVER);
    EventLog log = cleaned.eventLog();
    log.append("s", "key", bytes("a")).get();
    log.delete("s");
    cleaned.messageBus().publish("t", new byte[60_000]).get();
    try (Connection host = PostgresServer.shared().plain().getConnection()) {
      execute(host, "UPDATE %s_messages SET sent_at = 0".formatted(namespace));
      execute(host, "UPDATE %s_streams SET appended_at = 0".formatted(namespace));
      await()
          .untilAsserted(() -> {
            timers.advance(Duration.ofMinutes(1));
            assertThat(count("SELECT count(*) FROM %s_values".formatted(namespace))).isOne();
          });
    }
    for (String table : List.of("messages", "entries", "entry_keys", "streams")) {
      assertThat(count("SELECT count(*) FROM %s_%s".formatted(namespace, table))).isZero();
    }
  }

  @Nested
  class AFence {
    private JdbcLeases leases;

    @BeforeEach
    void openLeases() {
      leases = jdbc.leases(namespace);
    }

    private Lease take(Duration ttl) {
      return leases.tryAcquire("l", ttl).orElseThrow();
    }

    @Test
    void letsRenewingPassAndMakesTakingOverWaitForTheCommit() throws Exception {
      Lease lease = take(Duration.ofMillis(200));
      Connection fenced = transaction();
      leases.fence(fenced, lease);
      assertThat(lease.renew()).isTrue();
      await().until(() -> lease.remaining().isZero());
      await().during(Duration.ofMillis(400)).until(() -> leases.tryAcquire("l", LONG).isEmpty());
      fenced.commit();
      Optional<Lease> next = leases.tryAcquire("l", LONG);
      assertThat(next)
          .hasValueSatisfying(taken -> assertThat(taken.token()).isGreaterThan(lease.token()));
    }

    @Test
    void refusesATokenThatIsOutOfDate() throws Exception {
      Lease stale = take(Duration.ofMillis(50));
      await().until(() -> leases.tryAcquire("l", LONG).isPresent());
      assertThatExceptionOfType(LeaseLostException.class)
          .isThrownBy(() -> leases.fence(transaction(), stale))
          .satisfies(lost -> assertThat(lost.token()).isEqualTo(stale.token()));
    }

    @Test
    void refusesALeaseThatHasExpiredAndWasNotTaken() throws Exception {
      Lease expired = take(Duration.ofMillis(50));
      await().until(() -> expired.remaining().isZero());
      Connection late = transaction();
      await()
          .untilAsserted(() ->
              assertThatExceptionOfType(LeaseLostException.class)
                  .isThrownBy(() -> leases.fence(late, expired)));
    }

    @Test
    void countsTheTimeThatItWaitsForTheRow() throws Exception {
      Lease lease = take(Duration.ofMillis(500));
      Connection blocking = transaction();
      execute(
          blocking,
          "SELECT 1 FROM platform_leases WHERE namespace = '%s' FOR UPDATE".formatted(namespace));
      Connection waiting = transaction();
      CompletableFuture<Void> fence =
          CompletableFuture.runAsync(() -> leases.fence(waiting, lease));
      awaitSomebodyWaitingFor("FOR KEY SHARE");
      await().until(() -> lease.remaining().isZero());
      await()
          .until(() ->
              count(
                      "SELECT count(*) FROM platform_leases WHERE namespace = '%s' AND held_until < extract(epoch FROM clock_timestamp()) * 1000000"
                          .formatted(namespace))
                  == 1);
      blocking.rollback();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(fence::get)
          .withCauseInstanceOf(LeaseLostException.class);
    }

    @Test
    void needsATransaction() throws Exception {
      Lease lease = take(LONG);
      Connection plain = closing(PostgresServer.shared().plain().getConnection());
      assertThatIllegalStateException()
          .isThrownBy(() -> leases.fence(plain, lease))
          .withMessageContaining("auto-commit");
    }
  }

  @Nested
  class WhenTheHostsDefaultsAreOthers {
    @Test
    void thePortsWorkAndConnectionsComeBackAsTheyWere() throws Exception {
      HikariConfig config = new HikariConfig();
      config.setDataSource(PostgresServer.shared().plain());
      config.setMaximumPoolSize(8);
      config.setAutoCommit(false);
      config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
      HikariDataSource strict = closing(new HikariDataSource(config));
      Jdbc one = closing(Jdbc.on(strict));
      Jdbc two = closing(Jdbc.on(strict));
      EventLogOptions options = EventLogOptions.of(namespace);
      List<CompletableFuture<Position>> all = new ArrayList<>();
      EventLog first = one.eventLog(options);
      EventLog second = two.eventLog(options);
      for (int i = 0; i < 400; i++) {
        all.add(first.append("s", bytes("a")));
        all.add(second.append("s", bytes("b")));
      }
      for (CompletableFuture<Position> each : all) {
        each.get();
      }
      List<Entry> entries = ((Read.Entries) first.read("s", Position.OLDEST, 1_000)).entries();
      assertThat(entries.stream().map(entry -> entry.at().offset()))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 800).mapToObj(i -> (long) i).toList());
      KeyValueStore store = one.keyValues(namespace);
      store.put("k", bytes("v"), Ttl.NEVER);
      assertThat(store.get("k")).isPresent();
      assertThat(one.leases(namespace).tryAcquire("l", LONG)).isPresent();
      one.close();
      two.close();
      try (Connection connection = strict.getConnection()) {
        assertThat(connection.getAutoCommit()).isFalse();
        assertThat(connection.getTransactionIsolation())
            .isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(connection.getNetworkTimeout()).isZero();
      }
    }
  }
}
