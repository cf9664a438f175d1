package io.platformkit.benchmarks.stores;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** Real servers of this process' own, ended with it, in a folder that is deleted. */
final class Servers implements AutoCloseable {
  private final Deque<Closeable> opened = new ArrayDeque<>();
  private final Path folder;

  Servers() throws IOException {
    folder = Files.createTempDirectory("stores-duel");
    opened.push(() -> delete(folder));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A Redis that keeps everything in memory; its URI. */
  String redis() throws IOException {
    int port = freePort();
    RedisServer server =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .setting("appendonly no")
            .build();
    server.start();
    opened.push(server::stop);
    return "redis://127.0.0.1:" + port;
  }

  /** A pool on a PostgreSQL that waits for the disk at each commit. */
  HikariDataSource postgres(int connections) throws IOException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("postgres"))
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .start();
    opened.push(server);
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    return pool(config, connections);
  }

  /** The address of a database that does not exist yet. */
  String sqlite(String name) {
    return "jdbc:sqlite:" + folder.resolve(name + ".db");
  }

  /** A pool on a SQLite database. */
  HikariDataSource sqlitePool(String name, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(sqlite(name));
    return pool(config, connections);
  }

  private HikariDataSource pool(HikariConfig config, int connections) {
    config.setMaximumPoolSize(connections);
    HikariDataSource pool = new HikariDataSource(config);
    opened.push(pool);
    return pool;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
