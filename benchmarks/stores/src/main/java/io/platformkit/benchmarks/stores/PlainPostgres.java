package io.platformkit.benchmarks.stores;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** pgjdbc as it is, on a pool with a connection for each caller; one statement an operation. */
final class PlainPostgres implements Store {
  private static final String APPEND =
      """
      WITH head AS (UPDATE plain_streams SET head = head + cardinality(?::bytea[]) WHERE name = ?
                    RETURNING head)
      INSERT INTO plain_entries (stream, at, mark, data)
      SELECT ?, head.head - cardinality(?::bytea[]) + e.i, ?, e.data
      FROM head, unnest(?::bytea[]) WITH ORDINALITY AS e (data, i)
      """;

  private static final String READ =
      """
      SELECT s.head, e.at, e.mark, e.time, e.data
      FROM plain_streams AS s CROSS JOIN LATERAL (
        SELECT at, mark, time, data FROM plain_entries WHERE stream = s.name AND at > 0
        ORDER BY at LIMIT ?) AS e
      WHERE s.name = ?
      """;

  private final DataSource pool;

  PlainPostgres(DataSource pool) throws SQLException {
    this.pool = pool;
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE plain_values (key text COLLATE "C" PRIMARY KEY, version bigint, value bytea,
                                     expires timestamptz);
          CREATE TABLE plain_streams (name text COLLATE "C" PRIMARY KEY, head bigint);
          CREATE TABLE plain_entries (stream text COLLATE "C", at bigint, mark bigint, data bytea, time bigint
                                      DEFAULT extract(epoch FROM clock_timestamp()) * 1000000,
                                      PRIMARY KEY (stream, at))
          """);
    }
  }

  private static long random() {
    return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  }

  private int update(String sql, Object... parameters) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  @Override
  public byte[] get(String key) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT version, value FROM plain_values WHERE key = ?"
                    + " AND (expires IS NULL OR expires > clock_timestamp())")) {
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
                "INSERT INTO plain_values (key, version, value) VALUES (?, ?, ?)"
                    + " ON CONFLICT DO NOTHING",
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
    try (Connection connection = pool.getConnection();
        PreparedStatement append = connection.prepareStatement(APPEND)) {
      Array data = connection.createArrayOf("bytea", batch.toArray(byte[][]::new));
      append.setArray(1, data);
      append.setString(2, stream);
      append.setString(3, stream);
      append.setArray(4, data);
      append.setLong(5, random());
      append.setArray(6, data);
      if (append.executeUpdate() == batch.size()) {
        return;
      }
    }
    update("INSERT INTO plain_streams VALUES (?, 0) ON CONFLICT DO NOTHING", stream);
    appendAll(stream, batch);
  }

  @Override
  public int read(String stream, int limit) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement select = connection.prepareStatement(READ)) {
      select.setInt(1, limit);
      select.setString(2, stream);
      try (ResultSet row = select.executeQuery()) {
        return found(row).size();
      }
    }
  }

  private static List<Found> found(ResultSet row) throws SQLException {
    List<Found> found = new ArrayList<>();
    while (row.next() && row.getLong(1) >= row.getLong(2)) {
      Instant time = Instant.ofEpochMilli(row.getLong(4) / 1000);
      found.add(new Found(row.getLong(2), row.getLong(3), time, row.getBytes(5)));
    }
    return found;
  }

  /** Told by NOTIFY, sent by a trigger in the transaction of the append. */
  @Override
  public Follower follow(String stream) throws SQLException {
    Connection own = pool.getConnection();
    try (Statement statement = own.createStatement()) {
      statement.execute(
          """
          CREATE OR REPLACE FUNCTION plain_tell() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_notify('plain', NEW.stream); RETURN NULL; END $$;
          CREATE OR REPLACE TRIGGER plain_tell AFTER INSERT ON plain_entries
          FOR EACH ROW EXECUTE FUNCTION plain_tell();
          LISTEN plain
          """);
    }
    return new Follower() {
      private long last = head();

      private long head() throws SQLException {
        return next("SELECT max(at) FROM plain_entries WHERE stream = ? AND at > ?", 0);
      }

      private long next(String sql, long after) throws SQLException {
        try (PreparedStatement select = own.prepareStatement(sql)) {
          select.setString(1, stream);
          select.setLong(2, after);
          try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
          }
        }
      }

      @Override
      public void awaitNext() throws SQLException {
        long next = 0;
        while (next == 0) {
          own.unwrap(PGConnection.class).getNotifications(10_000);
          next =
              next(
                  "SELECT at, data FROM plain_entries WHERE stream = ? AND at > ? ORDER BY at LIMIT 1",
                  last);
        }
        last = next;
      }

      @Override
      public void close() throws SQLException {
        try (Statement statement = own.createStatement()) {
          statement.execute("UNLISTEN plain; DROP TRIGGER plain_tell ON plain_entries");
        }
        own.close();
      }
    };
  }

  @Override
  public void close() {}
}
