package io.platformkit.core.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.timeseries.Aggregation;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.MetricStoreContract;
import io.platformkit.core.timeseries.SamplesRefusedException;
import io.platformkit.core.timeseries.Series;
import io.platformkit.core.timeseries.SeriesKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a metric store in a database promises, beyond what every one does. */
abstract class JdbcMetricStoreContract extends MetricStoreContract {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static final SeriesKey CPU = SeriesKey.of("cpu", "host", "web-1");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final List<Jdbc> doors = new ArrayList<>();
  private final String namespace = "durable-" + NAMESPACES.incrementAndGet();

  abstract HikariDataSource pool();

  private Jdbc door(Jdbc.Builder options) {
    Jdbc jdbc = options.build();
    doors.add(jdbc);
    return jdbc;
  }

  @Override
  protected MetricStore newStore(SettableClock itsClock, Options options) {
    return door(Jdbc.builder(pool()).clock(itsClock))
        .metricStore()
        .namespace("contract-" + NAMESPACES.incrementAndGet())
        .retention(options.retention())
        .rollUpRetention(options.rollUpRetention())
        .outOfOrderWindow(options.outOfOrderWindow())
        .maxAhead(options.maxAhead())
        .maxSeries(options.maxSeries())
        .open();
  }

  @AfterEach
  void closeDoors() {
    doors.forEach(Jdbc::close);
  }

  private JdbcMetricStore.Builder options() {
    return door(Jdbc.builder(pool()).clock(clock).timers(timers))
        .metricStore()
        .namespace(namespace)
        .retention(DAY)
        .rollUpRetention(DAY.multipliedBy(2));
  }

  /** One sample a second of the hour before the clock's start: 0, 1, 2 … */
  private static void writeHour(MetricStore store) {
    long start = SettableClock.START.minus(HOUR).toEpochMilli();
    store
        .write(
            CPU,
            LongStream.range(0, 3600).map(i -> start + i * 1000).toArray(),
            IntStream.range(0, 3600).mapToDouble(i -> i).toArray())
        .join();
  }

  private static double ofTheHour(MetricStore store, Aggregation aggregation) {
    Instant to = SettableClock.START;
    return store
        .query(MetricQuery.builder("cpu", to.minus(HOUR), to).step(HOUR, aggregation).build())
        .getFirst()
        .valueAt(0);
  }

  private int rows(String table) throws SQLException {
    try (Connection connection = pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM platform_metric_%s WHERE series IN (SELECT id FROM platform_metric_series WHERE namespace = '%s')"
                    .formatted(table, namespace))) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void whatWasAcknowledgedIsThereForTheNextProcess() {
    writeHour(options().open());

    MetricStore next = options().open();

    assertThat(next.series("cpu")).containsExactly(CPU);
    assertThat(ofTheHour(next, Aggregation.SUM)).isEqualTo(3599 * 3600 / 2.0);
    assertThat(ofTheHour(next, Aggregation.P50)).isEqualTo(1799.5);
  }

  @Test
  void twoProcessesWriteOneSeries() {
    MetricStore one = options().open();
    MetricStore other = options().open();
    long start = SettableClock.START.minus(HOUR).toEpochMilli();
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      MetricStore turn = i % 2 == 0 ? one : other;
      writes.add(turn.write(CPU, new long[] {start + i}, new double[] {i}));
    }
    writes.forEach(CompletableFuture::join);

    assertThat(ofTheHour(one, Aggregation.COUNT)).isEqualTo(200);
    assertThat(ofTheHour(other, Aggregation.SUM)).isEqualTo(199 * 200 / 2.0);
    assertThat(ofTheHour(other, Aggregation.LAST)).isEqualTo(199);
    assertThat(ofTheHour(other, Aggregation.P99)).isEqualTo(197.01);
  }

  @Test
  void namespacesAreApart() {
    writeHour(options().open());

    MetricStore other = door(Jdbc.builder(pool()).clock(clock)).metricStore(namespace + "-other");

    assertThat(other.metrics()).isEmpty();
    writeHour(other);
    assertThat(ofTheHour(other, Aggregation.COUNT)).isEqualTo(3600);
  }

  /** A commit whose answer is lost is repeated. */
  @Test
  void aGroupThatIsWrittenTwiceChangesNothingMore() throws SQLException {
    MetricStore store = options().open();
    writeHour(store);
    long start = SettableClock.START.toEpochMilli();
    long[] times = LongStream.range(0, 600).map(i -> start + i * 1000).toArray();
    double[] ones = new double[600];
    Arrays.fill(ones, 1);
    MetricSql sql = sql();
    MetricGroup group =
        new MetricGroup(
            sql,
            new MetricLimits(DAY, DAY, Duration.ofMinutes(1), DAY, 10, 1000),
            new MetricLimits(DAY, DAY, DAY, DAY, 10, 1000).oldest(clock.millis()),
            "",
            Map.of(),
            List.of(new Columns(CPU, times, ones)));
    try (Connection connection = pool().getConnection()) {
      sql.makeRoom(connection, List.of(new Columns(CPU, times, ones)));
      assertThat(group.run(connection).tooOld()).containsExactly(0);
      assertThat(group.run(connection).tooOld()).containsExactly(0);
    }

    Instant from = SettableClock.START;
    List<Series> hour =
        store.query(
            MetricQuery.builder("cpu", from, from.plus(HOUR)).step(HOUR, Aggregation.SUM).build());
    assertThat(hour.getFirst().valueAt(0)).isEqualTo(600);
  }

  private MetricSql sql() throws SQLException {
    try (Connection connection = pool().getConnection()) {
      return Dialect.of(connection, clock, SqliteSync.FULL).metrics(namespace, "platform");
    }
  }

  @Test
  void expiredRowsAreDeletedInPassing() throws SQLException {
    MetricStore store = options().open();
    writeHour(store);
    assertThat(rows("samples")).isEqualTo(3600);

    clock.set(SettableClock.START.plus(DAY).plus(HOUR));
    timers.advance(Duration.ofMinutes(1));
    assertThat(rows("samples")).isZero();
    assertThat(rows("rollups")).isOne();
    assertThat(store.series("cpu")).containsExactly(CPU);

    clock.set(SettableClock.START.plus(DAY.multipliedBy(2)).plus(HOUR));
    timers.advance(Duration.ofMinutes(1));
    assertThat(rows("rollups")).isZero();
    assertThat(store.series("cpu")).isEmpty();
  }

  @Test
  void aSeriesThatWasDeletedComesAgain() {
    MetricStore store = options().open();
    writeHour(store);
    clock.set(SettableClock.START.plus(DAY.multipliedBy(3)));
    timers.advance(Duration.ofMinutes(1));

    store.write(CPU, new long[] {clock.millis()}, new double[] {7}).join();

    assertThat(store.series("cpu")).containsExactly(CPU);
  }

  @Test
  void whatWouldWaitTooLongIsRefusedAndCounted() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    MetricStore store =
        door(Jdbc.builder(pool()).clock(clock).meterRegistry(meters))
            .metricStore()
            .namespace(namespace)
            .maxWaitingSamples(1)
            .open();
    long now = clock.millis();
    List<CompletableFuture<Void>> writes =
        LongStream.range(0, 500)
            .mapToObj(i -> store.write(CPU, new long[] {now + i, now + i + 1}, new double[2]))
            .toList();

    long refused = writes.stream().filter(JdbcMetricStoreContract::isRefused).count();

    assertThat(refused).isPositive().isLessThan(500);
    assertThat(meters.counter("platform.core.metrics.refused", "reason", "overload").count())
        .isEqualTo(2.0 * refused);
  }

  private static boolean isRefused(CompletableFuture<Void> write) {
    try {
      write.join();
      return false;
    } catch (CompletionException e) {
      assertThat(e.getCause())
          .isInstanceOf(SamplesRefusedException.class)
          .hasMessageContaining("maxWaitingSamples, 1");
      return true;
    }
  }

  @Test
  void wrongOptionsAreNamedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            door(Jdbc.builder(pool()))
                .metricStore()
                .retention(Duration.ZERO)
                .maxSeries(0)
                .maxWaitingSamples(0)
                .open())
        .withMessageContaining("retention was 'PT0S'")
        .withMessageContaining("maxSeries was '0' but it must be at least 1")
        .withMessageContaining("maxWaitingSamples was '0' but it must be at least 1");
    assertThatThrownBy(() -> door(Jdbc.builder(pool())).metricStore(""))
        .hasMessageStartingWith("namespace was ''");
  }
}
