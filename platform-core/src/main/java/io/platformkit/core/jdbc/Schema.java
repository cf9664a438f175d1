package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tables. Each script has a number and a name, and ends by recording itself in the table of
 * versions, so that it does not matter who applies it: the first node that needs it, or the host.
 * Its statements are divided by empty lines.
 */
final class Schema {
  /** A script: {@code V1__ports.sql}, in the folder of its dialect. */
  enum Script {
    /** Key-value store, event log, leases, message bus. */
    PORTS(1, "ports"),
    /** Metric store. */
    METRICS(2, "metrics");

    private final int version;
    private final String title;

    Script(int version, String title) {
      this.version = version;
      this.title = title;
    }

    private String file() {
      return "V%d__%s.sql".formatted(version, title);
    }
  }

  private final Session session;
  private final Settings settings;
  private final Set<Script> present = ConcurrentHashMap.newKeySet();

  Schema(Session session) {
    this.session = session;
    this.settings = session.settings();
  }

  /**
   * Returns when the tables of a script are there; creates them unless the host does that.
   *
   * @throws IllegalStateException if the host does that and has not done it
   */
  void require(Script script) {
    if (present.contains(script)) {
      return;
    }
    if (!session.readToOpen(connection -> isApplied(connection, script))) {
      if (!settings.createSchema()) {
        throw new IllegalStateException(
            "table '%s' had no version %d but createSchema is false: apply %s with prefix '%s'"
                .formatted(
                    settings.table("schema"), script.version, path(script), settings.prefix()));
      }
      session.writeToOpen(connection -> apply(connection, script));
    }
    present.add(script);
  }

  private boolean isApplied(Connection connection, Script script) throws SQLException {
    String versions = settings.table("schema");
    if (!session.dialect().hasTable(connection, versions)) {
      return false;
    }
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM " + versions + " WHERE version = ?")) {
      query.setInt(1, script.version);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  private boolean apply(Connection connection, Script script) throws SQLException {
    session.dialect().lockSchema(connection, settings.prefix());
    if (isApplied(connection, script)) {
      return false;
    }
    try (Statement statement = connection.createStatement()) {
      for (String sql : text(script).split("\n\n", -1)) {
        if (!sql.startsWith("--") || sql.contains(";")) {
          statement.execute(sql);
        }
      }
    }
    return true;
  }

  private String path(Script script) {
    return "/io/platformkit/core/jdbc/%s/%s".formatted(session.dialect().name(), script.file());
  }

  private String text(Script script) {
    try (InputStream resource = Schema.class.getResourceAsStream(path(script))) {
      if (resource == null) {
        throw new IllegalStateException(path(script) + " is missing from the class path");
      }
      return new String(resource.readAllBytes(), UTF_8).replace("${prefix}", settings.prefix());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
