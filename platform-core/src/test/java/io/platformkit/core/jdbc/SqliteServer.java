package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * A file of SQLite in a folder of its own, by virtual time. A restart closes all connections of its
 * pools in the midst of what they do, and leaves the file and its log as a killed process does.
 * Safe for concurrent use.
 *
 * <p>Needs {@code org.xerial:sqlite-jdbc} and {@code com.zaxxer:HikariCP} among the test's
 * dependencies.
 */
public final class SqliteServer implements ContractServer {
  private final Path dir = Folders.createTemporary("platform-sqlite");
  private final Connections connections = new Connections();
  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final String version;

  private SqliteServer() {
    try {
      Files.createDirectory(live());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.setUrl("jdbc:sqlite:" + file());
    version = findVersion();
  }

  /** An empty file. */
  public static SqliteServer create() {
    return new SqliteServer();
  }

  /** A file that child processes write. */
  public static OfChildren ofChildren() {
    return new OfChildren(create());
  }

  /** The children are killed; there is nothing else that could be. */
  public record OfChildren(SqliteServer server) implements ContractServer {
    /** The database. */
    public Path file() {
      return server.file();
    }

    @Override
    public String version() {
      return server.version();
    }

    @Override
    public Set<Feature> features() {
      return Set.of();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /** What time it is for {@link #jdbc}. */
  public SettableClock clock() {
    return clock;
  }

  /** The database. A restart puts another file in its place. */
  public Path file() {
    return live().resolve("platform.db");
  }

  private Path live() {
    return dir.resolve("live");
  }

  private Path left() {
    return dir.resolve("left");
  }

  private Path copy() {
    return dir.resolve("snapshot");
  }

  /** Timers that go with the clock. */
  public ManualTimers timers() {
    return timers;
  }

  @Override
  public String version() {
    return version;
  }

  private String findVersion() {
    try (HikariDataSource pool = pool();
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      return "SQLite " + row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.complementOf(EnumSet.of(Feature.NETWORK));
  }

  @Override
  public void pass(Duration time) {
    timers.advance(time);
  }

  @Override
  public void restart() {
    connections.whileCut(() -> {});
  }

  @Override
  public void snapshot() {
    connections.whileCut(() -> {
      Folders.remove(copy());
      Folders.copy(left(), copy());
    });
  }

  @Override
  public void restore() {
    connections.whileCut(() -> {
      Folders.remove(left());
      Folders.copy(copy(), left());
    });
  }

  /** What a host would write, by the clock of this server. */
  public Jdbc.Builder jdbc(HikariDataSource pool) {
    return Jdbc.builder(pool).clock(clock);
  }

  /** A pool as hosts have one; the caller closes it. */
  public HikariDataSource pool() {
    HikariConfig config = config();
    config.setDataSource(connections);
    return connections.ofPool(new HikariDataSource(config));
  }

  /** A pool as hosts have one, on a file that is never restarted; the caller closes it. */
  public static HikariDataSource pool(Path file) {
    HikariConfig config = config();
    config.setJdbcUrl("jdbc:sqlite:" + file);
    return new HikariDataSource(config);
  }

  private static HikariConfig config() {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(2_000);
    return config;
  }

  @Override
  public void close() {
    Folders.remove(dir);
  }

  /** All connections to the live file, and the pools that hold them. */
  private final class Connections extends SQLiteDataSource {
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final List<SQLiteConnection> open = new ArrayList<>();
    private final List<HikariDataSource> pools = new ArrayList<>();

    HikariDataSource ofPool(HikariDataSource pool) {
      lock.lock();
      try {
        pools.add(pool);
        return pool;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public SQLiteConnection getConnection(String user, String password) throws SQLException {
      lock.lock();
      try {
        SQLiteConnection opened = super.getConnection(user, password);
        open.add(opened);
        return opened;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Cuts all, lets something happen to the files that are left, and makes these the live ones.
     */
    void whileCut(Runnable change) {
      lock.lock();
      try {
        leaveFiles();
        change.run();
        Folders.remove(live());
        Files.move(left(), live());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        lock.unlock();
      }
    }

    /** The last connection that closes tidies up; so one that does nothing outlives the others. */
    private void leaveFiles() throws SQLException {
      try (Connection last = super.getConnection(null, null);
          Statement statement = last.createStatement()) {
        statement.execute("SELECT count(*) FROM sqlite_master");
        cut();
        Folders.copy(live(), left());
      }
    }

    private void cut() throws SQLException {
      pools.removeIf(HikariDataSource::isClosed);
      pools.forEach(pool -> pool.getHikariPoolMXBean().softEvictConnections());
      for (SQLiteConnection each : open) {
        each.close();
      }
      open.clear();
    }
  }
}
