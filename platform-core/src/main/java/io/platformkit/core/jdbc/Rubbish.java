package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Rows of tables that are over by their own time: values, leases, large messages. */
final class Rubbish {
  private static final int BATCH = 1_000;
  private static final int PASS = 20;

  /** RandomNumbers grow by the server's clock too, so that an old lease need not be remembered. */
  private static final Duration LEASES_KEPT = Duration.ofDays(1);

  private static final Duration MESSAGES_KEPT = Duration.ofMinutes(2);

  private final Session session;

  Rubbish(Session session) {
    this.session = session;
  }

  /** Removes so much and no more. */
  void clean() {
    clean("values", "namespace, key", "expires_at", Duration.ZERO);
    clean("leases", "namespace, name", "held_until", LEASES_KEPT);
    if (session.dialect() instanceof PostgreSql) {
      clean("messages", "id", "sent_at", MESSAGES_KEPT);
    }
  }

  private void clean(String table, String key, String time, Duration kept) {
    int removed = BATCH;
    for (int i = 0; i < PASS && removed >= BATCH; i++) {
      removed = session.write(connection -> remove(connection, table, key, time, kept));
    }
  }

  private int remove(Connection connection, String table, String key, String time, Duration kept)
      throws SQLException {
    String isOver =
        "%s <= %s - %d".formatted(time, session.dialect().now(), kept.toMillis() * 1000);
    String sql =
        "DELETE FROM %1$s WHERE %2$s AND (%3$s) IN (SELECT %3$s FROM %1$s WHERE %2$s LIMIT %4$d)"
            .formatted(session.settings().table(table), isOver, key, BATCH);
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      return delete.executeUpdate();
    }
  }
}
