package io.platformkit.realtime.server;

import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.TailListener;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.SessionState;
import io.platformkit.realtime.topics.Lane;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The one implementation of a session, whatever carries it. */
final class ClientSession implements Session {
  private final String id;
  private final Optional<String> claimed;
  private final InetSocketAddress peer;
  private final Node node;
  private final Executor loop;
  private final Sender sender;
  private final Inbox inbox;
  private final Liveness liveness;
  private final Subscriptions subscriptions;
  private final Replies replies;
  private @Nullable ConcurrentMap<String, Object> attributes; // guarded by this
  private volatile @Nullable Principal principal;
  private volatile @Nullable Instant expiresAt;
  private volatile boolean admitted;

  /** Whether its client was here before; the mailbox's thread. */
  private boolean resumed;

  ClientSession(
      String id,
      InetSocketAddress peer,
      Node node,
      Lane lane,
      Executor loop,
      Carrier carrier,
      Optional<String> claimed) {
    this.id = id;
    this.claimed = claimed;
    this.peer = peer;
    this.node = node;
    this.loop = loop;
    sender = new Sender(id, node, lane, carrier);
    inbox = new Inbox(this, node, loop, carrier);
    liveness = new Liveness(node.limits(), node.timers().nanoTime());
    subscriptions = new Subscriptions(this, node);
    replies = new Replies(node, sender);
  }

  /** Lets the client in. */
  void admit(@Nullable Principal who, @Nullable Instant until) {
    principal = who;
    expiresAt = until;
    admitted = true;
    node.sessions().identified(this);
    if (isEnded()) {
      node.sessions().remove(this);
    }
  }

  /** A position that its client had before came with it; counted once. */
  void resumed() {
    if (!resumed) {
      resumed = true;
      node.metrics().reconnected();
    }
  }

  /** Tells the client that it is in, and the host that it is there. */
  void greet() {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("session", id);
    principal().ifPresent(who -> payload.put("user_id", who.id()));
    payload.put("message", "Connected");
    control("connected", node.envelopes().of("connected", null, payload));
    principal().ifPresent(who -> node.workers().execute(() -> askAgain(who)));
    node.handlers().opened(this);
  }

  /** A revocation that came since it was asked for did not find this session. */
  private void askAgain(Principal who) {
    node.gate().refusal(who).ifPresent(this::close);
  }

  /** The id that the client says it has. */
  Optional<String> claimed() {
    return claimed;
  }

  boolean isAdmitted() {
    return admitted;
  }

  boolean isEnded() {
    return sender.isEnded();
  }

  Sender sender() {
    return sender;
  }

  Replies replies() {
    return replies;
  }

  Inbox inbox() {
    return inbox;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }

  @Override
  public InetSocketAddress peer() {
    return peer;
  }

  @Override
  public SessionState state() {
    if (isEnded()) {
      return SessionState.OFFLINE;
    }
    if (!admitted) {
      return SessionState.CONNECTING;
    }
    if (node.topics().tailState() != TailListener.State.LIVE) {
      return SessionState.DEGRADED;
    }
    return subscriptions.isSyncing() ? SessionState.SYNCING : SessionState.STREAMING;
  }

  @Override
  public synchronized ConcurrentMap<String, Object> attributes() {
    if (attributes == null) {
      attributes = new ConcurrentHashMap<>(4);
    }
    return attributes;
  }

  @Override
  public Set<String> topics() {
    return subscriptions.names();
  }

  @Override
  public String transport() {
    return sender.carrier().name();
  }

  long pendingBytes() {
    return sender.pendingBytes();
  }

  // Sending

  @Override
  public void send(String type, @Nullable Object payload) {
    control(type, node.envelopes().of(type, null, payload));
  }

  @Override
  public void send(byte[] payload) {
    sender.carrier().requireBinary();
    sender.binary(payload.clone());
  }

  /** Sends an envelope past what waits. */
  void control(String type, byte[] envelope) {
    sender.control(type, envelope);
  }

  /** Tells the client to come back later, and ends. */
  void sendAway(long millis) {
    sender.comeBack(millis);
    close(CloseReason.DRAINING);
  }

  @Override
  public void close(CloseReason why) {
    sender.close(why);
  }

  @Override
  public void reply(@Nullable Object payload) {
    replies.reply(payload);
  }

  @Override
  public CompletableFuture<byte[]> request(
      String type, @Nullable Object payload, Duration timeout) {
    return replies.request(type, payload, timeout);
  }

  // Topics

  @Override
  public void subscribe(String topic) {
    subscriptions.subscribe(topic, null);
  }

  @Override
  public void subscribe(String topic, Position from) {
    subscriptions.subscribe(topic, Objects.requireNonNull(from, "from"));
  }

  @Override
  public void unsubscribe(String topic) {
    subscriptions.unsubscribe(topic);
  }

  @Override
  public void join(String room) {
    subscriptions.join(room, null);
  }

  @Override
  public void join(String room, Position from) {
    subscriptions.join(room, Objects.requireNonNull(from, "from"));
  }

  @Override
  public void leave(String room) {
    subscriptions.leave(room);
  }

  // Its life, on its loop; sweeping on any thread

  void heard() {
    liveness.heard(node.timers().nanoTime());
  }

  /** Once a second: asks whether the client is there, and ends it if not, or if it may not stay. */
  void sweep(Instant now, long nanos) {
    Instant until = expiresAt;
    if (!admitted && liveness.isAuthLate(nanos)) {
      close(CloseReason.NOBODY);
    } else if (until != null && !now.isBefore(until)) {
      close(CloseReason.EXPIRED);
    } else {
      switch (liveness.check(nanos)) {
        case FINE -> {}
        case ASK -> sender.ping();
        case GONE -> close(CloseReason.NO_PONG);
      }
    }
  }

  /** Cuts it off, though its client has not gone; completes when that is done. */
  CompletableFuture<Void> cut() {
    try {
      return CompletableFuture.runAsync(
          () -> {
            sender.carrier().cut();
            end();
          },
          loop);
    } catch (RejectedExecutionException overBefore) {
      end(); // a loop of the host's that has ended runs nothing beside this
      return CompletableFuture.completedFuture(null);
    }
  }

  /** The connection has ended; once. */
  void end() {
    if (isEnded()) {
      return;
    }
    sender.end();
    node.sessions().remove(this);
    replies.end();
    node.workers().execute(this::leaveAll);
    if (admitted) {
      inbox.inTurn(() -> node.handlers().closed(this));
    }
  }

  private void leaveAll() {
    subscriptions.end();
    if (admitted) {
      node.rooms().ended(this);
    }
  }

  @Override
  public String toString() {
    return "session " + id;
  }
}
