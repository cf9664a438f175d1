package io.platformkit.benchmarks.stores;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The SQLite driver as it is: one writer with a commit for each write, and a reader a thread. */
final class PlainSqlite implements Store {
  private final String url;
  private final Connection writer;
  private final ReentrantLock writing = new ReentrantLock();
  private final ThreadLocal<Connection> readers = ThreadLocal.withInitial(this::open);

  PlainSqlite(String url) throws SQLException {
    this.url = url;
    this.writer = open();
    execute(
        "CREATE TABLE plain_values (key TEXT PRIMARY KEY, version INTEGER, value BLOB, expires INTEGER)"
            + " WITHOUT ROWID");
    execute("CREATE TABLE plain_streams (name TEXT PRIMARY KEY, head INTEGER) WITHOUT ROWID");
    execute(
        "CREATE TABLE plain_entries (stream TEXT, at INTEGER, mark INTEGER, time INTEGER, data BLOB,"
            + " PRIMARY KEY (stream, at)) WITHOUT ROWID");
  }

  private Connection open() {
    try {
      Connection connection = DriverManager.getConnection(url);
      try (Statement pragma = connection.createStatement()) {
        pragma.execute("PRAGMA journal_mode = WAL");
        pragma.execute("PRAGMA synchronous = FULL");
        pragma.execute("PRAGMA busy_timeout = 5000");
      }
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException("the database could not be opened", e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long random() {
    return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  }

  private int update(String sql, Object... parameters) throws SQLException {
    writing.lock();
    try (PreparedStatement statement = writer.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public byte[] get(String key) throws SQLException {
    try (PreparedStatement select =
        readers
            .get()
            .prepareStatement(
                "SELECT version, value FROM plain_values WHERE key = ?"
                    + " AND (expires IS NULL OR expires > 0)")) {
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBytes(2);
      }
    }
  }

  @Override
  public void put(String key, byte[] value) throws SQLException {
    update(
        "INSERT INTO plain_values (key, version, value) VALUES (?, ?, ?) ON CONFLICT (key)"
            + " DO UPDATE SET version = excluded.version, value = excluded.value",
        key,
        random(),
        value);
  }

  @Override
  public long compareAndSet(String key, long expected, byte[] value) throws SQLException {
    long version = random();
    int done =
        expected == 0
            ? update(
                "INSERT OR IGNORE INTO plain_values (key, version, value) VALUES (?, ?, ?)",
                key,
                version,
                value)
            : update(
                "UPDATE plain_values SET version = ?, value = ? WHERE key = ? AND version = ?",
                version,
                value,
                key,
                expected);
    if (done != 1) {
      throw new IllegalStateException("another has written " + key);
    }
    return version;
  }

  @Override
  public void append(String stream, byte[] data) throws SQLException {
    appendAll(stream, List.of(data));
  }

  @Override
  public void appendAll(String stream, List<byte[]> batch) throws SQLException {
    writing.lock();
    try {
      execute("BEGIN IMMEDIATE");
      update(
          "INSERT INTO plain_streams VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET head = head + ?",
          stream,
          batch.size(),
          batch.size());
      for (int i = 0; i < batch.size(); i++) {
        update(
            "INSERT INTO plain_entries (stream, at, mark, time, data)"
                + " SELECT ?, head - ?, ?, ?, ? FROM plain_streams WHERE name = ?",
            stream,
            batch.size() - 1 - i,
            random(),
            System.currentTimeMillis(),
            batch.get(i),
            stream);
      }
      execute("COMMIT");
    } finally {
      writing.unlock();
    }
  }

  @Override
  public int read(String stream, int limit) throws SQLException {
    try (PreparedStatement select =
        readers
            .get()
            .prepareStatement(
                "SELECT s.head, e.at, e.mark, e.time, e.data"
                    + " FROM plain_streams AS s JOIN plain_entries AS e ON e.stream = s.name"
                    + " WHERE s.name = ? AND e.at > 0 ORDER BY e.at LIMIT ?")) {
      select.setString(1, stream);
      select.setInt(2, limit);
      try (ResultSet row = select.executeQuery()) {
        return found(row).size();
      }
    }
  }

  private static List<Found> found(ResultSet row) throws SQLException {
    List<Found> found = new ArrayList<>();
    long head = Long.MAX_VALUE;
    while (row.next()) {
      head = found.isEmpty() ? row.getLong(1) : head;
      Instant time = Instant.ofEpochMilli(row.getLong(4));
      found.add(new Found(row.getLong(2), row.getLong(3), time, row.getBytes(5)));
    }
    return found.isEmpty() || found.getLast().offset() <= head ? found : List.of();
  }

  /** Asks again every 100 µs: SQLite tells nobody. */
  @Override
  public Follower follow(String stream) throws SQLException {
    return new Follower() {
      private long last = head(0);

      private long head(long after) throws SQLException {
        try (PreparedStatement select =
            readers
                .get()
                .prepareStatement(
                    "SELECT max(at) FROM plain_entries WHERE stream = ? AND at > ?")) {
          select.setString(1, stream);
          select.setLong(2, after);
          try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
          }
        }
      }

      @Override
      public void awaitNext() throws SQLException {
        long next = head(last);
        while (next == 0) {
          LockSupport.parkNanos(100_000);
          next = head(last);
        }
        last = next;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
