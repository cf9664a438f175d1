package io.platformkit.core.jdbc;

import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.PlatformException;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.Timers;
import io.platformkit.core.lease.HeldLease;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.LeaseLostException;
import io.platformkit.core.lease.LeasedWork;
import io.platformkit.core.lease.Leases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases as rows of the host's database. What is done in the same database can be protected from a
 * holder that was paused beyond its lease: see {@link #fence}.
 */
public final class JdbcLeases implements Leases {
  private static final Logger log = LoggerFactory.getLogger(JdbcLeases.class);

  private final Database database;
  private final Session session;
  private final String namespace;
  private final String table;
  private final Timers timers;
  private final Lifecycle lifecycle = new Lifecycle("leases");
  private final RandomNumbers nonces = new RandomNumbers();
  private final Set<HeldLease> held = ConcurrentHashMap.newKeySet();

  JdbcLeases(Database database, String namespace) {
    Bounds.requireName("namespace", namespace);
    this.database = database;
    this.session = database.session();
    this.namespace = namespace;
    this.table = session.settings().table("leases");
    this.timers = session.settings().timers();
  }

  @Override
  public Optional<Lease> tryAcquire(String name, Duration ttl) {
    requireName(name);
    Bounds.requireSpan("ttl", ttl, SHORTEST_TTL, LONGEST_TTL);
    long owner = nonces.next();
    long askedAt = timers.nanoTime();
    return session
        .statements((connection, again) -> take(connection, name, owner, ttl, again))
        .flatMap(token -> hold(name, token, owner, ttl, askedAt));
  }

  private Optional<Lease> hold(String name, long token, long owner, Duration ttl, long askedAt) {
    HeldLease lease =
        HeldLease.of(name, token, ttl, askedAt, timers, new Row(name, token, owner, ttl));
    held.add(lease);
    CompletableFuture<Void> unused = lease.lost().thenRun(() -> held.remove(lease));
    return lease.orGivenBack();
  }

  /** The token if the lease is free, or was taken by an earlier try of the same call. */
  private Optional<Long> take(
      Connection connection, String name, long owner, Duration ttl, boolean again)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(session.dialect().takeLease(table))) {
      insert.setString(1, namespace);
      insert.setString(2, name);
      insert.setLong(3, owner);
      insert.setLong(4, ttl.toNanos() / 1000);
      insert.setString(5, namespace);
      insert.setString(6, name);
      insert.setLong(7, owner);
      try (ResultSet row = insert.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      if (!again && PostgreSql.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return Optional.empty(); // its holder has fenced a transaction that is not over
      }
      throw e;
    }
  }

  @Override
  public boolean whileHeld(String name, Duration ttl, LeasedWork work) {
    requireName(name);
    return HeldLease.whileHeld(this, name, ttl, work, timers);
  }

  private void requireName(String name) {
    lifecycle.requireOpen();
    Bounds.requireName("name", name);
  }

  /**
   * Lets a transaction of the host go on only if the lease is held, and keeps others from taking it
   * over until the transaction is over; renewing goes on. Call it first, and whatever the
   * transaction then does is done by the holder.
   *
   * <p>On PostgreSQL in a transaction that is READ COMMITTED: a stricter one fails with 40001 if
   * the lease was renewed since it began. On SQLite the transaction becomes one that writes.
   *
   * @param connection of the same database, in a transaction: without auto-commit
   * @param lease of these leases
   * @throws LeaseLostException if the lease has expired or is another's; roll back
   * @throws PlatformException if the database failed; roll back
   */
  public void fence(Connection connection, Lease lease) {
    Objects.requireNonNull(lease, "lease");
    try {
      if (connection.getAutoCommit()) {
        throw new IllegalStateException(
            "connection was in auto-commit mode but it must be in a transaction");
      }
      if (!isHeld(connection, lease)) {
        throw new LeaseLostException(lease.name(), lease.token());
      }
    } catch (SQLException e) {
      throw new PlatformException(
          "lease '%s' could not be checked: %s".formatted(lease.name(), e.getSQLState()), e);
    }
  }

  private boolean isHeld(Connection connection, Lease lease) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(session.dialect().fenceLease(table))) {
      query.setString(1, namespace);
      query.setString(2, lease.name());
      query.setLong(3, lease.token());
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      held.forEach(JdbcLeases::giveUp);
      database.closed(this);
    });
  }

  private static void giveUp(HeldLease lease) {
    try {
      lease.giveUp();
    } catch (PlatformException e) {
      log.warn("Lease '{}' could not be given back and will expire", lease.name(), e);
    }
  }

  /** What was taken, as the database has it. */
  private final class Row implements HeldLease.Server {
    private final String name;
    private final long token;
    private final long owner;
    private final Duration ttl;

    Row(String name, long token, long owner, Duration ttl) {
      this.name = name;
      this.token = token;
      this.owner = owner;
      this.ttl = ttl;
    }

    @Override
    public boolean renew() {
      String now = session.dialect().now();
      long micros = ttl.toNanos() / 1000;
      return change("SET held_until = %s + %d".formatted(now, micros), " AND held_until > " + now);
    }

    /** The row stays and remembers the token. */
    @Override
    public void release() {
      held.removeIf(lease -> lease.token() == token && lease.name().equals(name));
      change("SET held_until = 0", "");
    }

    private boolean change(String change, String condition) {
      String sql =
          "UPDATE %s %s WHERE namespace = ? AND name = ? AND token = ? AND owner = ?%s"
              .formatted(table, change, condition);
      return session.statements((connection, again) -> update(connection, sql)) > 0;
    }

    private int update(Connection connection, String sql) throws SQLException {
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        update.setString(1, namespace);
        update.setString(2, name);
        update.setLong(3, token);
        update.setLong(4, owner);
        return update.executeUpdate();
      }
    }
  }
}
