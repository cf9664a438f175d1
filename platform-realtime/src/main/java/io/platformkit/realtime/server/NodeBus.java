package io.platformkit.realtime.server;

import io.platformkit.core.Bounds;
import io.platformkit.core.Ids;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscription;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What nodes tell each other about sessions, whichever node they are on: messages that are not
 * kept, whose credentials were taken back, and commands. Two subscriptions a node: what is for all,
 * and what is for this one.
 */
final class NodeBus implements AutoCloseable {
  /** Largest command that any node takes for a session of any other. */
  static final int MAX_COMMAND = MessageBus.MAX_BYTES - Notices.MAX_HEAD;

  private static final String CHANNEL = "platform-realtime/nodes";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Node node;
  private final MessageBus bus;
  private final Ids ids = Ids.create();
  private final Answers<Receipt> receipts;
  private final AtomicBoolean missed = new AtomicBoolean();
  private volatile List<Subscription> subscriptions = List.of();
  private volatile boolean closed;

  NodeBus(Node node, MessageBus bus) {
    this.node = node;
    this.bus = bus;
    receipts = new Answers<>(node.timers());
  }

  void start() {
    Listener listener = new Listener();
    subscriptions =
        List.of(
            bus.subscribe(CHANNEL, listener),
            bus.subscribe(channelOf(node.sessions().node()), listener));
  }

  private static String channelOf(String name) {
    return CHANNEL + "/" + name;
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
    return publish(CHANNEL, new Notice.Told(to, message.except(), message.type(), envelope));
  }

  /** As {@link #send}, of what may as well be lost: also when the server has closed meanwhile. */
  void hint(Audience to, Message message) {
    if (subscriptions.isEmpty() || closed) {
      return;
    }
    CompletableFuture<?> unused =
        send(to, message)
            .exceptionally(failure -> {
              node.errors().handle("notice of type '%s'".formatted(message.type()), failure);
              return null;
            });
  }

  /** Hints that a principal is let in no more; the store knows. */
  CompletableFuture<Void> revoked(String principal) {
    return publish(CHANNEL, new Notice.Revoked(principal));
  }

  /**
   * Hands a command to a session of another node.
   *
   * @param name of the node
   * @return what became of it; fails with {@link java.util.concurrent.TimeoutException} if that
   *     node does not say
   */
  CompletableFuture<Receipt> post(
      String name, String session, Optional<String> caller, byte[] command) {
    Answers.Awaited<Receipt> receipt = receipts.await(PATIENCE);
    CompletableFuture<?> unused =
        publish(
                channelOf(name),
                new Notice.Posted(receipt.id(), node.sessions().node(), session, caller, command))
            .exceptionally(failure -> {
              receipt.answer().completeExceptionally(failure);
              return null;
            });
    return receipt.answer();
  }

  private CompletableFuture<Void> publish(String channel, Notice notice) {
    byte[] data = Notices.encode(notice);
    Bounds.requireValue("message", data, MessageBus.MAX_BYTES);
    return bus.publish(channel, data);
  }

  private final class Listener implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      switch (Notices.decode(data)) {
        case Notice.Told told -> tell(told);
        case Notice.Revoked revoked -> endSessionsOf(revoked.principal());
        case Notice.Posted posted -> receive(posted);
        case Notice.Received received -> receipts.complete(received.number(), received.receipt());
      }
    }

    /** Of messages that are not kept nothing can be read anew; of revocations it can. */
    @Override
    public void onMissed() {
      missed.set(true);
    }
  }

  private void tell(Notice.Told told) {
    for (ClientSession session : node.sessions().in(told.to())) {
      if (!told.except().equals(Optional.of(session.id()))) {
        session.control(told.type(), told.envelope());
      }
    }
  }

  private void receive(Notice.Posted posted) {
    Receipt receipt = node.sessions().receive(posted.session(), posted.caller(), posted.command());
    CompletableFuture<?> unused =
        publish(channelOf(posted.from()), new Notice.Received(posted.number(), receipt))
            .exceptionally(failure -> {
              node.errors().handle("receipt for session " + posted.session(), failure);
              return null;
            });
  }

  private void endSessionsOf(String principal) {
    node.sessions()
        .in(Audience.user(principal))
        .forEach(session -> session.close(CloseReason.UNAUTHORIZED));
  }

  /**
   * Once a second: if a hint was perhaps missed, the store is asked about everybody who is here.
   */
  void sweep() {
    if (missed.getAndSet(false)) {
      node.workers().execute(this::recheck);
    }
  }

  private void recheck() {
    try {
      node.gate().revokedAmong(node.sessions().users()).forEach(this::endSessionsOf);
    } catch (RuntimeException away) {
      missed.set(true);
      node.errors().handle("revocations", away);
    }
  }

  @Override
  public void close() {
    closed = true;
    subscriptions.forEach(Subscription::close);
    receipts.fail(new IOException("the server has closed"));
  }
}
