package io.platformkit.core.jdbc;

import io.platformkit.core.PlatformException;
import io.platformkit.core.bus.Subscribers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands messages that are heard to the buses of their namespace. */
final class BusEar implements Listener.Ear {
  private static final Logger log = LoggerFactory.getLogger(BusEar.class);

  private final Session session;
  private final Map<String, Set<Subscribers>> buses = new ConcurrentHashMap<>();

  BusEar(Session session) {
    this.session = session;
  }

  void add(String namespace, Subscribers added) {
    buses.compute(namespace, (name, all) -> Sets.with(all, added));
  }

  void remove(String namespace, Subscribers removed) {
    buses.computeIfPresent(namespace, (name, all) -> Sets.without(all, removed));
  }

  @Override
  public void heard(String payload) {
    BusPayload message = BusPayload.parse(payload);
    for (Subscribers each : buses.getOrDefault(message.namespace(), Set.of())) {
      if (each.hasAny(message.topic())) {
        deliver(message, each);
      }
    }
  }

  private void deliver(BusPayload message, Subscribers subscribers) {
    Optional<byte[]> data = message.data().or(() -> side(message));
    if (data.isPresent()) {
      subscribers.deliver(message.topic(), data.get());
    } else {
      subscribers.missed(message.topic());
    }
  }

  /** On this thread, which keeps the order. */
  private Optional<byte[]> side(BusPayload message) {
    try {
      return session.read(connection -> find(connection, message.id()));
    } catch (PlatformException e) {
      log.warn("A large message could not be read and counts as missed", e);
      return Optional.empty();
    }
  }

  private Optional<byte[]> find(Connection connection, long id) throws SQLException {
    String sql = "SELECT data FROM %s WHERE id = ?".formatted(session.settings().table("messages"));
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
      }
    }
  }

  @Override
  public void live(boolean live) {
    if (live) {
      buses.values().forEach(all -> all.forEach(Subscribers::missed));
    }
  }
}
