package io.platformkit.core.jdbc;

import io.platformkit.core.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the notifications of PostgreSQL, on a connection and a thread of its own; connects again
 * when the connection is lost. Starts with the first who wants to hear.
 */
final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  /** How long somebody who asks whether it is live may have to wait for that alone. */
  private static final int WAIT_MILLIS = 50;

  /** How long silence is taken for an answer. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** Who hears a channel. All calls come from the one thread, and must be quick. */
  interface Ear {
    void heard(String payload);

    /** The connection is lost, or there again; what came meanwhile was not heard. */
    void live(boolean live);
  }

  private final Settings settings;
  private final DataSource dataSource;
  private final Map<String, Ear> ears = new ConcurrentHashMap<>();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition changed = lock.newCondition();
  private @Nullable Thread thread;
  private long asked; // how often somebody wanted to know whether it is live
  private long answered;

  private boolean wasLost; // of the thread alone

  Listener(Settings settings, DataSource dataSource) {
    this.settings = settings;
    this.dataSource = dataSource;
  }

  /** Before the start. */
  void add(String channel, Ear ear) {
    ears.put(channel, ear);
  }

  /**
   * Returns when it is sure that notifications come: the server has answered on the connection.
   *
   * @throws UnavailableException if that takes too long
   */
  void awaitLive() {
    long left = settings.timeout().toNanos();
    lock.lock();
    try {
      if (thread == null && closing.getCount() > 0) {
        thread = Thread.ofPlatform().daemon().name("platform-jdbc-listener").start(this::work);
      }
      long mine = ++asked;
      while (answered < mine) {
        if (left <= 0) {
          throw new UnavailableException(
              "the database could not be listened to for " + settings.timeout());
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted before the database was listened to", e);
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    int failures = 0;
    while (closing.getCount() > 0) {
      try (Connection connection = dataSource.getConnection()) {
        boolean autoCommit = connection.getAutoCommit();
        int networkTimeout = connection.getNetworkTimeout();
        PGConnection notifying = begin(connection);
        failures = 0;
        found();
        hear(connection, notifying);
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
        connection.setAutoCommit(autoCommit);
      } catch (SQLException | RuntimeException e) {
        lost(e);
      }
      pause(++failures);
    }
  }

  private PGConnection begin(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    connection.setNetworkTimeout(Runnable::run, (int) settings.timeout().toMillis());
    try (Statement statement = connection.createStatement()) {
      for (String channel : new ArrayList<>(ears.keySet())) {
        statement.execute("LISTEN " + channel);
      }
    }
    return connection.unwrap(PGConnection.class);
  }

  private void hear(Connection connection, PGConnection notifying) throws SQLException {
    long heardAt = System.nanoTime();
    while (closing.getCount() > 0) {
      PGNotification[] heard = notifying.getNotifications(WAIT_MILLIS);
      if (heard != null && heard.length > 0) {
        heardAt = System.nanoTime();
        List.of(heard).forEach(this::tell);
      }
      long wanted = wanted();
      if (wanted > 0 || System.nanoTime() - heardAt > SILENCE.toNanos()) {
        ask(connection);
        answer(wanted);
        heardAt = System.nanoTime();
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("UNLISTEN *");
    }
  }

  /** The last question without an answer; zero if there is none. */
  private long wanted() {
    lock.lock();
    try {
      return asked > answered ? asked : 0;
    } finally {
      lock.unlock();
    }
  }

  private void answer(long question) {
    lock.lock();
    try {
      answered = Math.max(answered, question);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void ask(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
  }

  private void tell(PGNotification notification) {
    Ear ear = ears.get(notification.getName());
    if (ear != null) {
      ear.heard(notification.getParameter());
    }
  }

  private void lost(Exception failure) {
    if (wasLost) {
      log.debug("The listener's connection can't be had", failure);
    } else {
      log.warn("The listener's connection is lost; trying again", failure);
    }
    wasLost = true;
    ears.values().forEach(ear -> ear.live(false));
  }

  private void found() {
    if (wasLost) {
      wasLost = false;
      ears.values().forEach(ear -> ear.live(true));
    }
  }

  private void pause(int failures) {
    Duration delay = settings.backoff().delay(failures, random).orElse(Duration.ofSeconds(1));
    try {
      closing.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closing.countDown(); // nobody else interrupts
    }
  }

  /** Waits until the thread has ended. */
  void stop() throws InterruptedException {
    closing.countDown();
    Thread ending;
    lock.lock();
    try {
      ending = thread;
    } finally {
      lock.unlock();
    }
    if (ending != null) {
      ending.join(settings.timeout());
    }
  }
}
