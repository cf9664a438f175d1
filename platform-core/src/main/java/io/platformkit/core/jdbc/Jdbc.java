package io.platformkit.core.jdbc;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.Backoff;
import io.platformkit.core.Bounds;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.timeseries.MetricStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The ports on a database of the host: PostgreSQL, proved on 18, or a file of SQLite 3.35 or newer.
 * Safe for concurrent use.
 *
 * <p>Nothing happens before the first port is asked for; then the database is looked at, the tables
 * are made and the threads start, all named {@code platform-jdbc-…}. Ports can be closed one by
 * one; {@link #close} closes them all, and never the data source.
 *
 * <p>On PostgreSQL connections are borrowed for as long as there is work, {@link
 * Builder#connections} at most, whatever their defaults are, and given back as they were. On SQLite
 * they are kept: one that writes, so that what waits is committed together, and others that read. A
 * SQLite file may be shared by processes of one machine.
 */
public final class Jdbc implements AutoCloseable {
  private static final String DEFAULT_NAMESPACE = "default";
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final Settings settings;
  private final @Nullable SystemTimers ownTimers;
  private final Lifecycle lifecycle = new Lifecycle("jdbc");
  private final ReentrantLock opening = new ReentrantLock();
  private @Nullable Database database;

  private Jdbc(Settings settings, @Nullable SystemTimers ownTimers) {
    this.settings = settings;
    this.ownTimers = ownTimers;
  }

  /** The ports on a data source, with all defaults. */
  public static Jdbc on(DataSource dataSource) {
    return builder(dataSource).build();
  }

  /**
   * Collects the options.
   *
   * @param dataSource the host's, a pool if it is PostgreSQL; never closed here
   */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /** A key-value store of the namespace {@code default} that can't be scanned. */
  public KeyValueStore keyValues() {
    return keyValues(DEFAULT_NAMESPACE);
  }

  /** A key-value store that can't be scanned. */
  public KeyValueStore keyValues(String namespace) {
    return keyValues(KeyValueOptions.of(namespace));
  }

  /**
   * A key-value store.
   *
   * @throws io.platformkit.core.UnavailableException if the database can't be asked
   */
  public KeyValueStore keyValues(KeyValueOptions options) {
    Objects.requireNonNull(options, "options");
    return open(database -> new JdbcKeyValueStore(database, options));
  }

  /** An event log of the namespace {@code default}, whose streams stay until they are deleted. */
  public EventLog eventLog() {
    return eventLog(EventLogOptions.of(DEFAULT_NAMESPACE));
  }

  /**
   * An event log. Its appends are committed together as they come, so that a busy stream costs
   * little more than a quiet one.
   *
   * @throws io.platformkit.core.UnavailableException if the database can't be asked
   */
  public EventLog eventLog(EventLogOptions options) {
    Objects.requireNonNull(options, "options");
    return open(database -> new JdbcEventLog(database, options));
  }

  /** A metric store with all defaults but the namespace. */
  public MetricStore metricStore(String namespace) {
    return metricStore().namespace(namespace).open();
  }

  /** Collects the options of a metric store. */
  public JdbcMetricStore.Builder metricStore() {
    return new JdbcMetricStore.Builder(this::open);
  }

  /** A message bus of the namespace {@code default}. */
  public MessageBus messageBus() {
    return messageBus(DEFAULT_NAMESPACE);
  }

  /**
   * A message bus of a namespace, on PostgreSQL alone.
   *
   * @throws UnsupportedOperationException if it is SQLite, which tells nobody of anything
   * @throws IllegalStateException if there is no {@link Builder#listenerDataSource}
   * @throws io.platformkit.core.UnavailableException if the database can't be asked
   */
  public MessageBus messageBus(String namespace) {
    return open(database -> database.newMessageBus(namespace));
  }

  /** Leases of the namespace {@code default}. */
  public JdbcLeases leases() {
    return leases(DEFAULT_NAMESPACE);
  }

  /**
   * Leases of a namespace.
   *
   * @throws io.platformkit.core.UnavailableException if the database can't be asked
   */
  public JdbcLeases leases(String namespace) {
    return open(database -> new JdbcLeases(database, namespace));
  }

  private <P extends AutoCloseable> P open(Function<Database, P> port) {
    opening.lock();
    try {
      lifecycle.requireOpen();
      Database open = database;
      if (open == null) {
        open = Database.open(settings);
        database = open;
      }
      return open.opened(port.apply(open));
    } finally {
      opening.unlock();
    }
  }

  /** Closes all ports that it handed out, gives back all connections and ends its threads. */
  @Override
  public void close() {
    lifecycle.close(this::closeAll);
  }

  private void closeAll() {
    CloseOrder order = CloseOrder.within(DRAIN);
    opening.lock();
    try {
      if (database != null) {
        order.then("database", database);
      }
    } finally {
      opening.unlock();
    }
    if (ownTimers != null) {
      order.then("timers", ownTimers);
    }
    order.run();
  }

  /** Options of the door; for one thread. */
  public static final class Builder {
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}");
    private static final Duration LONGEST = Duration.ofHours(1);

    private final DataSource dataSource;
    private @Nullable DataSource listenerDataSource;
    private String prefix = "platform";
    private InstantSource clock = InstantSource.system();
    private @Nullable Timers timers;
    private ErrorHandler errorHandler = ErrorHandler.logging();
    private @Nullable MeterRegistry meterRegistry;
    private int maxValueBytes = Bounds.VALUE_BYTES;
    private Duration timeout = Duration.ofSeconds(10);
    private Backoff backoff =
        Backoff.exponential(Duration.ofMillis(10), Backoff.UNLIMITED).cap(Duration.ofSeconds(1));
    private boolean createSchema = true;
    private SqliteSync sqliteSync = SqliteSync.FULL;
    private int connections = 4;

    private final Set<String> given = new HashSet<>();

    private Builder(DataSource dataSource) {
      this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /** What table names begin with: lower-case letters, digits and _. Default: platform. */
    public Builder prefix(String prefix) {
      Given.once(given, "prefix");
      this.prefix = Objects.requireNonNull(prefix, "prefix");
      return this;
    }

    /**
     * What time it is, on SQLite; PostgreSQL goes by its own clock. Default: the system's clock.
     */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Runs what is done later: cleaning, polling, renewing. Default: timers of its own. */
    public Builder timers(Timers timers) {
      Given.once(given, "timers");
      this.timers = Objects.requireNonNull(timers, "timers");
      return this;
    }

    /** Is told of what listeners throw. Default: logs. */
    public Builder errorHandler(ErrorHandler errorHandler) {
      Given.once(given, "errorHandler");
      this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
      return this;
    }

    /**
     * Counts failed tries as {@code platform.core.jdbc.failures}, by kind. Default: nothing is
     * counted.
     */
    public Builder meterRegistry(MeterRegistry meterRegistry) {
      Given.once(given, "meterRegistry");
      this.meterRegistry = Objects.requireNonNull(meterRegistry, "meterRegistry");
      return this;
    }

    /** Largest value or entry, from 1 byte to 64 MiB. Default: 1 MiB. */
    public Builder maxValueBytes(int maxValueBytes) {
      Given.once(given, "maxValueBytes");
      this.maxValueBytes = maxValueBytes;
      return this;
    }

    /** How long a call may take in all, from 10 ms to an hour. Default: 10 seconds. */
    public Builder timeout(Duration timeout) {
      Given.once(given, "timeout");
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * How long to wait before a call is tried again, or a lost listener connects again. Default:
     * from 10 ms to a second, until the timeout.
     */
    public Builder backoff(Backoff backoff) {
      Given.once(given, "backoff");
      this.backoff = Objects.requireNonNull(backoff, "backoff");
      return this;
    }

    /**
     * Whether missing tables are made. If not, apply the scripts in {@code
     * /io/platformkit/core/jdbc/} yourself; {@code ${prefix}} stands for the prefix. Default: true.
     */
    public Builder createSchema(boolean createSchema) {
      Given.once(given, "createSchema");
      this.createSchema = createSchema;
      return this;
    }

    /** When SQLite waits for the disk. Default: {@link SqliteSync#FULL}. */
    public Builder sqliteSync(SqliteSync sqliteSync) {
      Given.once(given, "sqliteSync");
      this.sqliteSync = Objects.requireNonNull(sqliteSync, "sqliteSync");
      return this;
    }

    /**
     * Where one connection is kept that listens to PostgreSQL, which wakes tails and is what a
     * message bus needs: it must lead to the server itself, not to a pooler in transaction mode. It
     * may be the main data source. Default: none; tails poll, and there is no message bus.
     */
    public Builder listenerDataSource(DataSource listenerDataSource) {
      Given.once(given, "listenerDataSource");
      this.listenerDataSource = Objects.requireNonNull(listenerDataSource, "listenerDataSource");
      return this;
    }

    /**
     * Connections that are used at once, from 2 to 64. On PostgreSQL one more notifies, and one
     * listens; on SQLite these read, and one more writes. Default: 4.
     */
    public Builder connections(int connections) {
      Given.once(given, "connections");
      this.connections = connections;
      return this;
    }

    /**
     * Checks all options; starts nothing.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public Jdbc build() {
      List<String> faults = new ArrayList<>();
      Given.require(
          faults, "prefix", prefix, PREFIX.matcher(prefix).matches(), "like " + PREFIX.pattern());
      Given.require(
          faults,
          "maxValueBytes",
          maxValueBytes,
          maxValueBytes >= 1 && maxValueBytes <= 1 << 26,
          "from 1 to 67108864");
      Given.requireSpan(faults, "timeout", timeout, Duration.ofMillis(10), LONGEST);
      Given.require(
          faults,
          "connections",
          connections,
          connections >= 2 && connections <= 64,
          "from 2 to 64");
      Given.refuse(faults);
      SystemTimers own = timers == null ? SystemTimers.create(errorHandler) : null;
      return new Jdbc(settings(timers == null ? Objects.requireNonNull(own) : timers), own);
    }

    private Settings settings(Timers chosen) {
      return new Settings(
          dataSource,
          Optional.ofNullable(listenerDataSource),
          prefix,
          clock,
          chosen,
          errorHandler,
          Optional.ofNullable(meterRegistry),
          maxValueBytes,
          timeout,
          backoff,
          createSchema,
          sqliteSync,
          connections);
    }
  }
}
