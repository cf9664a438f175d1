package io.platformkit.core.jdbc;

import io.platformkit.core.CloseOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the ports of one door share, while it is open. */
final class Database implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private final Session session;
  private final Schema schema;
  private final Cleaner cleaner;
  private final Optional<Listener> listener;
  private final BusEar busEar;
  private final Notes busNotes;
  private final LogBell bell;
  private final Set<AutoCloseable> ports = ConcurrentHashMap.newKeySet();

  private Database(Session session) {
    this.session = session;
    this.schema = new Schema(session);
    this.cleaner = new Cleaner(session.settings().timers());
    this.listener =
        isPostgreSql()
            ? session
                .settings()
                .listenerDataSource()
                .map(source -> new Listener(session.settings(), source))
            : Optional.empty();
    this.busEar = new BusEar(session);
    this.busNotes = new Notes(session, session.settings().table("bus"));
    listener.ifPresent(hearing -> hearing.add(session.settings().table("bus"), busEar));
    this.bell = isPostgreSql() ? new NotifyBell(session, listener) : new FileBell(session);
  }

  /** Looks at the database, makes the tables and starts the threads. */
  static Database open(Settings settings) {
    Session session = Session.open(settings);
    try {
      Database opened = new Database(session);
      opened.schema.require(Schema.Script.PORTS);
      opened.cleaner.add("database", new Rubbish(session)::clean);
      return opened;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** A port that is open from now on. */
  <P extends AutoCloseable> P opened(P port) {
    ports.add(port);
    return port;
  }

  /** A port that is closed. */
  void closed(AutoCloseable port) {
    ports.remove(port);
  }

  boolean isPostgreSql() {
    return session.dialect() instanceof PostgreSql;
  }

  Session session() {
    return session;
  }

  /** Where a further port asks for its own tables. */
  Schema schema() {
    return schema;
  }

  Cleaner cleaner() {
    return cleaner;
  }

  JdbcMessageBus newMessageBus(String namespace) {
    if (!isPostgreSql()) {
      throw new UnsupportedOperationException(
          "SQLite has no message bus: use InMemoryMessageBus within one process, or Redis or PostgreSQL");
    }
    Listener hearing =
        listener.orElseThrow(() ->
            new IllegalStateException(
                "listenerDataSource was not set but a message bus needs it: set it, to the same data source if its pool can spare a connection"));
    return new JdbcMessageBus(this, namespace, hearing, busEar, busNotes);
  }

  LogBell bell() {
    return bell;
  }

  @Override
  public void close() {
    CloseOrder order = CloseOrder.within(DRAIN);
    ports.forEach(port -> order.then("port", port));
    order.then("cleaner", cleaner);
    if (bell instanceof FileBell watching) {
      order.then("file watch", watching);
    }
    listener.ifPresent(hearing -> order.then("listener", hearing::stop));
    order.then("session", session).run();
  }
}
