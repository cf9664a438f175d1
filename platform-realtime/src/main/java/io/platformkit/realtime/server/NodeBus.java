package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Bounds;
import io.platformkit.core.Ids;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscription;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other about sessions, whichever node they are on: messages that are not
 * kept, and whose credentials were taken back. One subscription a node.
 */
final class NodeBus implements AutoCloseable {
  private static final String CHANNEL = "platform-realtime/nodes";

  private final Node node;
  private final MessageBus bus;
  private final Ids ids = Ids.create();
  private volatile @Nullable Subscription subscription;
  private volatile boolean closed;

  NodeBus(Node node, MessageBus bus) {
    this.node = node;
    this.bus = bus;
  }

  /**
   * One notice, as it travels.
   *
   * @param kind which audience, {@code revoked} or {@code command}
   * @param name of the topic, the user or the session
   * @param except a session that does not get it; of a command, who sends it
   * @param type of the envelope
   * @param envelope for the clients; empty if it is only about them
   */
  private record Notice(
      String kind,
      @Nullable String name,
      @Nullable String except,
      @Nullable String type,
      @Nullable String envelope) {}

  void start() {
    subscription = bus.subscribe(CHANNEL, new Listener());
  }

  /**
   * Sends a message to whoever is there.
   *
   * @return completes when the bus has taken it
   * @throws IllegalArgumentException if it is too large
   */
  CompletableFuture<Void> send(Audience to, Message message) {
    String topic = to instanceof Audience.Topic only ? only.name() : null;
    byte[] envelope = node.envelopes().of(message, ids.nextText(), topic);
    return publish(
        new Notice(
            kind(to),
            name(to),
            message.except().orElse(null),
            message.type(),
            new String(envelope, UTF_8)));
  }

  /** As {@link #send}, of what may as well be lost: also when the server has closed meanwhile. */
  void hint(Audience to, Message message) {
    if (subscription == null || closed) {
      return;
    }
    CompletableFuture<?> unused =
        send(to, message)
            .exceptionally(failure -> {
              node.errors().handle("notice of type '%s'".formatted(message.type()), failure);
              return null;
            });
  }

  private static String kind(Audience to) {
    return switch (to) {
      case Audience.Topic topic -> "topic";
      case Audience.User user -> "user";
      case Audience.Everyone everyone -> "everyone";
    };
  }

  private static @Nullable String name(Audience to) {
    return switch (to) {
      case Audience.Topic topic -> topic.name();
      case Audience.User user -> user.id();
      case Audience.Everyone everyone -> null;
    };
  }

  /**
   * Hands a command on to whichever node has the session.
   *
   * @return completes when the bus has taken it
   * @throws IllegalArgumentException if it is too large for it
   */
  CompletableFuture<Void> forward(String session, Optional<Principal> caller, byte[] message) {
    return publish(
        new Notice(
            "command",
            session,
            caller.map(Principal::id).orElse(null),
            null,
            new String(message, UTF_8)));
  }

  /** Hints that a principal is let in no more; the store knows. */
  CompletableFuture<Void> revoked(String principal) {
    return publish(new Notice("revoked", principal, null, null, null));
  }

  private CompletableFuture<Void> publish(Notice notice) {
    byte[] data = node.json().encode(notice);
    Bounds.requireValue("message", data, MessageBus.MAX_BYTES);
    return bus.publish(CHANNEL, data);
  }

  private final class Listener implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      Notice notice = node.json().decode(data, Notice.class);
      switch (notice.kind()) {
        case "topic" -> tell(notice, session -> session.receives(String.valueOf(notice.name())));
        case "user" -> tell(notice, session -> isOf(session, notice.name()));
        case "everyone" -> tell(notice, ClientSession::isAdmitted);
        case "command" -> receive(notice);
        case "revoked" -> endSessionsOf(String.valueOf(notice.name()));
        default -> throw new IllegalArgumentException("kind was '%s'".formatted(notice.kind()));
      }
    }

    /** Of messages that are not kept nothing can be read anew. */
    @Override
    public void onMissed() {
      recheck();
    }
  }

  private static boolean isOf(ClientSession session, @Nullable String user) {
    return session.principal().map(Principal::id).filter(id -> id.equals(user)).isPresent();
  }

  private void tell(Notice notice, Predicate<ClientSession> whom) {
    byte[] envelope = envelope(notice);
    for (ClientSession session : node.sessions().all()) {
      if (whom.test(session) && !session.id().equals(notice.except())) {
        session.control(String.valueOf(notice.type()), envelope);
      }
    }
  }

  /** In a command's notice, who sends it stands where others have who does not get it. */
  private void receive(Notice notice) {
    node.sessions()
        .find(String.valueOf(notice.name()))
        .filter(session ->
            session.principal().map(Principal::id).equals(Optional.ofNullable(notice.except())))
        .ifPresent(session -> session.receive(envelope(notice)));
  }

  private static byte[] envelope(Notice notice) {
    return Optional.ofNullable(notice.envelope()).orElse("").getBytes(UTF_8);
  }

  private void endSessionsOf(String principal) {
    node.sessions().ofUser(principal).forEach(session -> session.close(CloseReason.UNAUTHORIZED));
  }

  /** Asks the store about everybody who is here. */
  void recheck() {
    Set<Principal> here = new HashSet<>();
    node.sessions().all().forEach(session -> session.principal().ifPresent(here::add));
    here.stream().filter(node.gate()::isRevoked).map(Principal::id).forEach(this::endSessionsOf);
  }

  @Override
  public void close() {
    closed = true;
    Subscription live = subscription;
    if (live != null) {
      live.close();
    }
  }
}
