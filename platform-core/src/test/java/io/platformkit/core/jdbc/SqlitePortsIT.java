package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.LeaseLostException;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.RecordingTail;
import io.platformkit.core.log.Retention;
import io.platformkit.core.log.TailListener;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is special about the ports on SQLite. */
@Timeout(60)
class SqlitePortsIT {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path dir;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final SettableClock clock = SettableClock.create();

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

  private Path file() {
    return dir.resolve("platform.db");
  }

  private HikariDataSource pool() {
    return closing(SqliteServer.pool(file()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Nested
  class WhenAnotherProcessHoldsTheFile {
    @Test
    void virtualThreadsStayAliveAndTheWritesAreDoneAfterwards() throws Exception {
      KeyValueStore store = closing(Jdbc.on(pool())).keyValues();
      Connection other = pool().getConnection();
      execute(other, "BEGIN IMMEDIATE");
      int writers = 4 * Runtime.getRuntime().availableProcessors();
      List<CompletableFuture<Long>> writes = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String key = "k" + i;
        CompletableFuture<Long> write = new CompletableFuture<>();
        Thread.startVirtualThread(() -> write.complete(store.put(key, bytes("v"), Ttl.NEVER)));
        writes.add(write);
      }
      CountDownLatch alive = new CountDownLatch(100);
      IntStream.range(0, 100).forEach(i -> Thread.startVirtualThread(alive::countDown));
      assertThat(alive.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(store.get("k0")).isEmpty();
      assertThat(writes).noneMatch(CompletableFuture::isDone);
      execute(other, "COMMIT");
      other.close();
      for (CompletableFuture<Long> write : writes) {
        assertThat(write.get()).isPositive();
      }
    }

    @Test
    void aWriteIsRefusedWhenItsTimeIsUp() throws Exception {
      KeyValueStore store =
          closing(Jdbc.builder(pool()).timeout(Duration.ofMillis(600)).build()).keyValues();
      store.put("k", bytes("old"), Ttl.NEVER);
      Connection other = pool().getConnection();
      execute(other, "BEGIN IMMEDIATE");
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> store.put("k", bytes("new"), Ttl.NEVER));
      execute(other, "COMMIT");
      other.close();
      assertThat(store.get("k"))
          .hasValueSatisfying(
              found -> assertThat(new String(found.value(), UTF_8)).isEqualTo("old"));
      store.put("k", bytes("newer"), Ttl.NEVER);
    }
  }

  /** The clock is asked in the midst of a statement. */
  @Test
  void aPlatformThreadReadsByItselfAndAVirtualOneLetsRead() throws Exception {
    Queue<Thread> readers = new ConcurrentLinkedQueue<>();
    InstantSource asked =
        () -> {
          readers.add(Thread.currentThread());
          return clock.instant();
        };
    KeyValueStore store = closing(Jdbc.builder(pool()).clock(asked).build()).keyValues();
    store.put("k", bytes("v"), Ttl.of(LONG));
    Thread.ofVirtual().start(() -> store.get("k")).join(); // opens a connection
    readers.clear();
    assertThat(store.get("k")).isPresent();
    assertThat(readers).containsOnly(Thread.currentThread());
    readers.clear();
    Thread.ofVirtual().start(() -> store.get("k")).join();
    assertThat(readers)
        .isNotEmpty()
        .allMatch(reader -> reader.getName().startsWith("platform-jdbc-reader-"));
  }

  @Test
  void aTailIsWokenByAnotherProcess() {
    Jdbc one = closing(Jdbc.on(pool()));
    Jdbc two = closing(Jdbc.on(pool()));
    RecordingTail told = new RecordingTail();
    EventLog reading = one.eventLog();
    reading.tail(told).add("s", reading.head("s"));
    EventLog writing = two.eventLog();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      writing.append("s", bytes("e" + i)).join();
      expected.add("e" + i);
    }
    told.awaitTexts("s", expected);
    assertThat(told.states()).doesNotContain(TailListener.State.POLLING);
  }

  @Test
  void aTailWhoseConnectionsWereClosedIsWokenByAnotherProcessAgain() {
    SqliteServer server = closing(SqliteServer.create());
    EventLog reading =
        closing(server.jdbc(closing(server.pool())).timers(server.timers()).build()).eventLog();
    RecordingTail told = new RecordingTail();
    reading.tail(told).add("s", reading.head("s"));
    server.restart();
    EventLog writing = closing(Jdbc.on(closing(server.pool()))).eventLog();
    AtomicInteger looks = new AtomicInteger();
    await()
        .until(() -> {
          if (looks.incrementAndGet() < 100) { // for less time than a poll takes
            writing.append("s", bytes("e")).join();
            server.pass(Duration.ofMillis(20));
          }
          return !told.texts("s").isEmpty();
        });
  }

  @Test
  void writesOfManyProcessesAreAllThere() {
    List<EventLog> logs =
        IntStream.range(0, 3).mapToObj(i -> closing(Jdbc.on(pool())).eventLog()).toList();
    List<CompletableFuture<Position>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      logs.forEach(log -> all.add(log.append("s", bytes("a"))));
    }
    assertThat(all.stream().map(each -> each.join().offset()).sorted())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 900).mapToObj(i -> (long) i).toList());
  }

  @Test
  void whatIsOverIsRemovedFromTheTables() throws Exception {
    ManualTimers timers = ManualTimers.with(clock);
    HikariDataSource pool = pool();
    Jdbc jdbc = closing(Jdbc.builder(pool).clock(clock).timers(timers).build());
    KeyValueStore store = jdbc.keyValues();
    IntStream.range(0, 50)
        .forEach(i -> store.put("k" + i, bytes("v"), Ttl.of(Duration.ofSeconds(1))));
    EventLog log = jdbc.eventLog(EventLogOptions.of("idle").idleTtl(Duration.ofMinutes(10)));
    log.append("s", "key", bytes("a")).join();
    EventLog kept = jdbc.eventLog();
    kept.append("deleted", bytes("a")).join();
    kept.append("trimmed", bytes("a")).join();
    kept.append("trimmed", bytes("b")).join();
    kept.delete("deleted");
    kept.trim("trimmed", Retention.newest(1));
    timers.advance(Duration.ofMinutes(11));
    timers.advance(Duration.ofMinutes(1));
    try (Connection connection = pool.getConnection()) {
      assertThat(count(connection, "platform_values")).isZero();
      assertThat(count(connection, "platform_entry_keys")).isZero();
      assertThat(count(connection, "platform_streams")).isEqualTo(1);
      assertThat(count(connection, "platform_entries")).isEqualTo(1);
    }
  }

  @Test
  void aWriteThatIsRefusedUndoesItselfAlone() throws Exception {
    KeyValueStore store = closing(Jdbc.on(pool())).keyValues();
    List<CompletableFuture<Long>> writes = new ArrayList<>();
    try (Connection other = pool().getConnection()) {
      execute(
          other,
          """
          CREATE TRIGGER refusal BEFORE INSERT ON platform_values WHEN NEW.key = 'k7'
          BEGIN SELECT RAISE(ABORT, 'refused'); END\
          """);
      execute(other, "BEGIN IMMEDIATE"); // so that all wait, and are committed together
      for (int i = 0; i < 20; i++) {
        String key = "k" + i;
        writes.add(
            CompletableFuture.supplyAsync(
                () -> store.put(key, bytes("v"), Ttl.NEVER), Thread::startVirtualThread));
      }
      execute(other, "COMMIT");
    }
    for (int i = 0; i < 20; i++) {
      if (i != 7) {
        assertThat(writes.get(i).get()).isPositive();
      }
    }
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(writes.get(7)::get)
        .withCauseInstanceOf(UnavailableException.class)
        .withMessageContaining("refused");
    assertThat(IntStream.range(0, 20).filter(i -> store.get("k" + i).isPresent())).hasSize(19);
  }

  @Test
  void thereIsNoMessageBus() {
    Jdbc jdbc = closing(Jdbc.on(pool()));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(jdbc::messageBus)
        .withMessageContaining("Redis or PostgreSQL");
  }

  @Nested
  class AFence {
    @Test
    void holdsUpEverybodyElseUntilTheCommit() throws Exception {
      HikariDataSource pool = pool();
      Jdbc jdbc = closing(Jdbc.builder(pool).clock(clock).build());
      JdbcLeases leases = jdbc.leases();
      Lease lease = leases.tryAcquire("l", LONG).orElseThrow();
      try (Connection fenced = pool.getConnection()) {
        fenced.setAutoCommit(false);
        leases.fence(fenced, lease);
        CompletableFuture<Boolean> renewed = CompletableFuture.supplyAsync(lease::renew);
        execute(fenced, "CREATE TABLE host (x INTEGER)");
        assertThat(renewed).isNotDone();
        fenced.commit();
        assertThat(renewed.get()).isTrue();
        fenced.setAutoCommit(true);
      }
    }

    @Test
    void refusesALeaseThatHasExpired() throws Exception {
      HikariDataSource pool = pool();
      JdbcLeases leases = closing(Jdbc.builder(pool).clock(clock).build()).leases();
      Lease lease = leases.tryAcquire("l", LONG).orElseThrow();
      clock.advance(LONG);
      try (Connection late = pool.getConnection()) {
        late.setAutoCommit(false);
        assertThatExceptionOfType(LeaseLostException.class)
            .isThrownBy(() -> leases.fence(late, lease));
        late.rollback();
        late.setAutoCommit(true);
      }
    }
  }

  @Nested
  class TheSchema {
    @Test
    void isMadeOnceHoweverManyNeedIt() {
      List<CompletableFuture<Long>> all =
          IntStream.range(0, 6)
              .mapToObj(i -> closing(Jdbc.on(pool())))
              .map(jdbc ->
                  CompletableFuture.supplyAsync(
                      () -> jdbc.keyValues().put("k", bytes("v"), Ttl.NEVER)))
              .toList();
      assertThat(all).allSatisfy(each -> assertThat(each.join()).isPositive());
    }

    @Test
    void isAskedForByNameWhereTheHostMakesIt() {
      Jdbc jdbc = closing(Jdbc.builder(pool()).prefix("app").createSchema(false).build());
      assertThatIllegalStateException()
          .isThrownBy(jdbc::keyValues)
          .withMessageContaining("app_schema")
          .withMessageContaining("/io/platformkit/core/jdbc/sqlite/V1__ports.sql");
    }

    @Test
    void isUsedAsTheHostHasMadeIt() {
      closing(Jdbc.builder(pool()).prefix("app").build()).keyValues();
      Jdbc jdbc = closing(Jdbc.builder(pool()).prefix("app").createSchema(false).build());
      assertThat(jdbc.keyValues().put("k", bytes("v"), Ttl.NEVER)).isPositive();
    }
  }

  @Test
  void aDatabaseInMemoryIsRefused() {
    Jdbc jdbc = closing(Jdbc.on(closing(SqliteServer.pool(Path.of(":memory:")))));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(jdbc::keyValues)
        .withMessageContaining("WAL");
  }
}
