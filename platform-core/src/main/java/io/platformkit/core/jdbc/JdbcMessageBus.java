package io.platformkit.core.jdbc;

import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscribers;
import io.platformkit.core.bus.Subscription;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Messages as notifications of PostgreSQL; those that are too large for one have a row. */
final class JdbcMessageBus implements MessageBus {
  private final Database database;
  private final String namespace;
  private final Listener listener;
  private final BusEar ear;
  private final Notes notes;
  private final Lifecycle lifecycle = new Lifecycle("message bus");
  private final RandomNumbers randoms = new RandomNumbers();
  private final Subscribers subscribers;

  JdbcMessageBus(Database database, String namespace, Listener listener, BusEar ear, Notes notes) {
    Bounds.requireName("namespace", namespace);
    this.database = database;
    this.namespace = namespace;
    this.listener = listener;
    this.ear = ear;
    this.notes = notes;
    this.subscribers =
        Subscribers.of("jdbc-bus", DEFAULT_QUEUE, database.session().settings().errors());
    ear.add(namespace, subscribers);
  }

  @Override
  public CompletableFuture<Void> publish(String topic, byte[] data) {
    lifecycle.requireOpen();
    Bounds.requireName("topic", topic);
    Objects.requireNonNull(data, "data");
    Bounds.requireValue("message to topic '%s'".formatted(topic), data, MAX_BYTES);
    BusPayload payload = BusPayload.of(randoms.next(), namespace, topic, data);
    Optional<Notes.Side> side =
        payload.data().isPresent()
            ? Optional.empty()
            : Optional.of(new Notes.Side(payload.id(), data.clone()));
    return notes.add(payload.text(), side);
  }

  @Override
  public Subscription subscribe(String topic, BusListener added) {
    lifecycle.requireOpen();
    Bounds.requireName("topic", topic);
    Objects.requireNonNull(added, "listener");
    listener.awaitLive();
    return subscribers.add(topic, added, () -> {});
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      ear.remove(namespace, subscribers);
      subscribers.close();
      notes.drain();
      database.closed(this);
    });
  }
}
