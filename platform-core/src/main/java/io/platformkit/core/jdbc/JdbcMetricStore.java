package io.platformkit.core.jdbc;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.Bounds;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.Series;
import io.platformkit.core.timeseries.SeriesKey;
import io.platformkit.core.timeseries.SeriesSource;
import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Samples as rows, in PostgreSQL with a partition for each day. What was acknowledged survives the
 * process. Writes wait for each other and are committed in groups. Safe for concurrent use.
 *
 * <p>Several processes may write to one namespace, also to the same series; all should open it with
 * the same options. Time is the clock of the door. Samples that are expired are not answered, and
 * deleted in passing.
 */
public final class JdbcMetricStore implements MetricStore {
  private final Database database;
  private final Session session;
  private final MetricSql sql;
  private final MetricLimits limits;
  private final MetricWriter writer;
  private final Cleaner.Task cleaning;
  private final Lifecycle lifecycle = new Lifecycle("metric store");

  private JdbcMetricStore(Database database, MetricSql sql, Builder options) {
    this.database = database;
    this.session = database.session();
    this.sql = sql;
    this.limits = options.limits();
    this.writer =
        new MetricWriter(
            session,
            sql,
            limits,
            session.settings().meters().orElseGet(CompositeMeterRegistry::new));
    MetricCleaner cleaner = new MetricCleaner(session, sql, limits, writer);
    this.cleaning = database.cleaner().add("metric store", cleaner::clean);
  }

  @Override
  public CompletableFuture<Void> write(Collection<Sample> samples) {
    lifecycle.requireOpen();
    Map<SeriesKey, List<Sample>> bySeries = new LinkedHashMap<>();
    for (Sample sample : samples) {
      bySeries.computeIfAbsent(sample.series(), none -> new ArrayList<>()).add(sample);
    }
    List<Columns> columns = new ArrayList<>();
    bySeries.forEach((key, some) ->
        columns.add(
            new Columns(
                key,
                some.stream().mapToLong(sample -> sample.at().toEpochMilli()).toArray(),
                some.stream().mapToDouble(Sample::value).toArray())));
    return writer.write(columns);
  }

  @Override
  public CompletableFuture<Void> write(SeriesKey series, long[] times, double[] values) {
    lifecycle.requireOpen();
    Sample.requireColumns(times, values);
    return writer.write(List.of(new Columns(series, times, values)));
  }

  private Oldest oldest() {
    return limits.oldest(session.settings().clock().millis());
  }

  @Override
  public List<Series> query(MetricQuery query) {
    lifecycle.requireOpen();
    Oldest oldest = oldest();
    return session.cursor(connection -> answer(connection, query, oldest));
  }

  private List<Series> answer(Connection connection, MetricQuery query, Oldest oldest)
      throws SQLException {
    List<Series> answer = new ArrayList<>();
    for (SeriesTable.Row row : sql.series.of(connection, query.metric(), oldest)) {
      if (query.matches(row.key())) {
        StoredMetrics source = new StoredMetrics(sql, connection, row.id());
        source
            .unwrap(() -> SeriesSource.answer(source, row.key(), query, oldest))
            .ifPresent(answer::add);
      }
    }
    answer.sort(Comparator.comparing(Series::key));
    return answer;
  }

  @Override
  public List<SeriesKey> series(String metric) {
    lifecycle.requireOpen();
    Oldest oldest = oldest();
    return session.read(connection ->
        sql.series.of(connection, metric, oldest).stream()
            .map(SeriesTable.Row::key)
            .sorted()
            .toList());
  }

  @Override
  public List<String> metrics() {
    lifecycle.requireOpen();
    Oldest oldest = oldest();
    return session.read(connection -> sql.series.metrics(connection, oldest));
  }

  /** Writes what was taken; the database stays open. */
  @Override
  public void close() {
    lifecycle.close(() ->
        CloseOrder.within(session.settings().timeout())
            .then("cleaning", cleaning::cancel)
            .then("writer", writer::drain)
            .then("door", () -> database.closed(this))
            .run());
  }

  /** Options of the store; for one thread. */
  public static final class Builder {
    private static final Duration LONGEST = Duration.ofDays(100_000_000);

    private final Opener opener;
    private String namespace = "default";
    private Duration retention = Duration.ofDays(7);
    private Duration rollUpRetention = Duration.ofDays(400);
    private Duration outOfOrderWindow = Duration.ofMinutes(1);
    private Duration maxAhead = Duration.ofDays(1);
    private int maxSeries = 10_000;
    private int maxWaitingSamples = 1_000_000;

    private final Set<String> given = new HashSet<>();

    /** Gives a store to the door. */
    interface Opener {
      JdbcMetricStore open(Function<Database, JdbcMetricStore> store);
    }

    Builder(Opener opener) {
      this.opener = opener;
    }

    /** Keeps its series apart from those of others: a use, or a tenant. Default: "default". */
    public Builder namespace(String namespace) {
      Given.once(given, "namespace");
      Bounds.requireName("namespace", namespace);
      this.namespace = namespace;
      return this;
    }

    /** How long raw samples are kept, at least a millisecond. Default: 7 days. */
    public Builder retention(Duration retention) {
      Given.once(given, "retention");
      this.retention = retention;
      return this;
    }

    /** How long hourly roll-ups are kept; at least the retention. Default: 400 days. */
    public Builder rollUpRetention(Duration rollUpRetention) {
      Given.once(given, "rollUpRetention");
      this.rollUpRetention = rollUpRetention;
      return this;
    }

    /** How far behind a series' newest sample another may be. Default: one minute. */
    public Builder outOfOrderWindow(Duration outOfOrderWindow) {
      Given.once(given, "outOfOrderWindow");
      this.outOfOrderWindow = outOfOrderWindow;
      return this;
    }

    /** How far in the future a sample may be. Default: one day. */
    public Builder maxAhead(Duration maxAhead) {
      Given.once(given, "maxAhead");
      this.maxAhead = maxAhead;
      return this;
    }

    /** Series of all metrics together; samples of further ones are refused. Default: 10,000. */
    public Builder maxSeries(int maxSeries) {
      Given.once(given, "maxSeries");
      this.maxSeries = maxSeries;
      return this;
    }

    /**
     * Samples that may wait to be written; more are refused, but for a write of so many that comes
     * when none waits. Default: 1,000,000, 16 MB.
     */
    public Builder maxWaitingSamples(int maxWaitingSamples) {
      Given.once(given, "maxWaitingSamples");
      this.maxWaitingSamples = maxWaitingSamples;
      return this;
    }

    MetricLimits limits() {
      return new MetricLimits(
          retention, rollUpRetention, outOfOrderWindow, maxAhead, maxSeries, maxWaitingSamples);
    }

    /**
     * Checks all options, and opens the store on its database.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     * @throws io.platformkit.core.UnavailableException if the database can't be asked
     */
    public JdbcMetricStore open() {
      List<String> wrong = new ArrayList<>();
      Given.requireSpan(wrong, "retention", retention, Duration.ofMillis(1), LONGEST);
      Given.requireSpan(wrong, "rollUpRetention", rollUpRetention, Duration.ofMillis(1), LONGEST);
      Given.require(
          wrong,
          "rollUpRetention",
          rollUpRetention,
          rollUpRetention.compareTo(retention) >= 0,
          "at least the retention, " + retention);
      Given.requireSpan(wrong, "outOfOrderWindow", outOfOrderWindow, Duration.ZERO, LONGEST);
      Given.requireSpan(wrong, "maxAhead", maxAhead, Duration.ZERO, LONGEST);
      Given.require(wrong, "maxSeries", maxSeries, maxSeries > 0, "at least 1");
      Given.require(
          wrong, "maxWaitingSamples", maxWaitingSamples, maxWaitingSamples > 0, "at least 1");
      Given.refuse(wrong);
      return opener.open(this::openOn);
    }

    private JdbcMetricStore openOn(Database database) {
      database.schema().require(Schema.Script.METRICS);
      Session session = database.session();
      MetricSql sql = session.dialect().metrics(namespace, session.settings().prefix());
      session.write(connection -> {
        sql.expiry.register(connection, retention.toMillis());
        return true;
      });
      return new JdbcMetricStore(database, sql, this);
    }
  }
}
