package io.platformkit.core.jdbc;

import io.platformkit.core.Timers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * SQLite tells nobody of changes, but for a number that changes with the commits of others: of
 * other connections than the one that asks. So the one that writes is asked, and what this process
 * has written itself wakes nobody twice.
 */
final class FileBell extends LogBell implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(20);

  private final Session session;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final ReentrantLock arming = new ReentrantLock(); // guards what follows
  private Timers.@Nullable Timer timer;
  private boolean closed;

  private volatile Seen last = new Seen("", 0);

  /** What a connection was told; another connection counts from elsewhere. */
  @SuppressWarnings("ReferenceEquality")
  private record Seen(Object connection, long version) {
    boolean isSame(Seen other) {
      return connection == other.connection && version == other.version;
    }
  }

  FileBell(Session session) {
    this.session = session;
  }

  @Override
  void ringOthers(String namespace, Set<String> streams) {
    // they see the number change
  }

  @Override
  boolean hears() {
    return true;
  }

  @Override
  void arm() {
    arming.lock();
    try {
      if (timer == null && !closed) {
        timer = session.settings().timers().every("jdbc-file-watch", PERIOD, this::look);
      }
    } finally {
      arming.unlock();
    }
  }

  private void look() {
    if (asking.compareAndSet(false, true)) {
      session.watchLater(
          FileBell::dataVersion,
          (seen, failure) -> {
            asking.set(false);
            if (seen != null && !seen.isSame(last)) {
              last = seen;
              wakeAll();
            }
          });
    }
  }

  private static Seen dataVersion(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("PRAGMA data_version");
        ResultSet row = query.executeQuery()) {
      row.next();
      return new Seen(connection, row.getLong(1));
    }
  }

  @Override
  public void close() {
    arming.lock();
    try {
      closed = true;
      if (timer != null) {
        timer.cancel();
      }
    } finally {
      arming.unlock();
    }
  }
}
