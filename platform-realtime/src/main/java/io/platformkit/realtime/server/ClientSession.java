package io.platformkit.realtime.server;

import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.TailListener;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.SessionState;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.GapReason;
import io.platformkit.realtime.topics.Lane;
import io.platformkit.realtime.topics.Subscriber;
import io.platformkit.realtime.topics.Subscription;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one implementation of a session, whatever carries it. */
final class ClientSession implements Session, Subscriber {
  private final String id;
  private final Optional<String> claimed;
  private final InetSocketAddress peer;
  private final Node node;
  private final Lane lane;
  private final Executor loop;
  private final Outbox outbox; // the loop's
  private final Mailbox mailbox;
  private final Rate rate; // the loop's
  private final Liveness liveness;
  private final Answers answers;
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>(4);
  private final AtomicInteger syncing = new AtomicInteger();
  private final AtomicBoolean resumed = new AtomicBoolean();
  private volatile @Nullable ConcurrentMap<String, Object> attributes;
  private volatile @Nullable Principal principal;
  private volatile @Nullable Instant expiresAt;
  private volatile boolean admitted;
  private volatile boolean ended; // set on the loop

  /** Of the command that is handled; the mailbox's thread. */
  private @Nullable Command current;

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
    this.lane = lane;
    this.loop = loop;
    Limits limits = node.limits();
    long now = node.timers().nanoTime();
    outbox = new Outbox(carrier, limits, node.envelopes(), node.metrics());
    mailbox = new Mailbox(node.workers(), node.errors());
    rate = new Rate(limits.messagesPerSecond(), limits.maxBurst(), now);
    liveness = new Liveness(limits, now);
    answers = new Answers(node.timers());
  }

  /** Lets the client in. */
  void admit(@Nullable Principal who, @Nullable Instant until) {
    principal = who;
    expiresAt = until;
    admitted = true;
  }

  /** A position that its client had before came with it; counted once. */
  void resumed() {
    if (resumed.compareAndSet(false, true)) {
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
    node.handlers().opened(this);
    principal().ifPresent(who -> node.workers().execute(() -> askAgain(who)));
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

  /** When its credentials end. */
  Optional<Instant> expiresAt() {
    return Optional.ofNullable(expiresAt);
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
    if (ended) {
      return SessionState.OFFLINE;
    }
    if (!admitted) {
      return SessionState.CONNECTING;
    }
    if (node.topics().tailState() != TailListener.State.LIVE) {
      return SessionState.DEGRADED;
    }
    return syncing.get() > 0 ? SessionState.SYNCING : SessionState.STREAMING;
  }

  @Override
  public ConcurrentMap<String, Object> attributes() {
    ConcurrentMap<String, Object> map = attributes;
    if (map == null) {
      synchronized (subscriptions) {
        map = attributes == null ? new ConcurrentHashMap<>(4) : attributes;
        attributes = map;
      }
    }
    return map;
  }

  @Override
  public Set<String> topics() {
    return new TreeSet<>(subscriptions.keySet());
  }

  boolean receives(String topic) {
    return subscriptions.containsKey(topic);
  }

  @Override
  public String transport() {
    return outbox.carrier().name();
  }

  long pendingBytes() {
    return outbox.pendingBytes();
  }

  // Sending

  @Override
  public void send(String type, @Nullable Object payload) {
    control(type, node.envelopes().of(type, null, payload));
  }

  @Override
  public void send(byte[] payload) {
    outbox.carrier().requireBinary();
    byte[] copy = payload.clone();
    onLoop(box -> box.binary(copy));
  }

  @Override
  public void reply(@Nullable Object payload) {
    Command command = current;
    if (command == null) {
      throw new IllegalStateException("no message is being handled, or it was answered already");
    }
    current = null;
    acknowledge(command, payload);
  }

  /** Says that a command is done, if its client wants to know. */
  void acknowledge(Command command, @Nullable Object payload) {
    if (command.id() != null) {
      control("ack", node.envelopes().of("ack", command.id(), payload));
    }
  }

  /** Says that a command was not done. */
  void refuse(@Nullable String command, String code, String message) {
    node.metrics().refused(code);
    control("error", node.envelopes().error(command, code, message));
  }

  /** Sends an envelope past what waits. */
  void control(String type, byte[] envelope) {
    if (envelope.length > node.limits().maxPendingBytes()) {
      throw new IllegalArgumentException(
          "message '%s' had %d bytes but it must have at most %d"
              .formatted(type, envelope.length, node.limits().maxPendingBytes()));
    }
    onLoop(box -> box.control(type, envelope));
  }

  /** Tells the client to come back later, and ends. */
  void sendAway(long millis) {
    byte[] envelope = node.envelopes().of("reconnect", null, Map.of("after_ms", millis));
    onLoop(box -> box.carrier().comeBack(millis, envelope));
    close(CloseReason.DRAINING);
  }

  /** In turn with what topics deliver: an answer comes before what follows from it. */
  private void onLoop(Consumer<Outbox> step) {
    if (!ended) {
      lane.execute(this, () -> guarded(() -> step.accept(outbox)));
    }
  }

  /** What fails for one connection ends it, and leaves the others of its lane alone. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      fail(failure);
    }
  }

  private void fail(RuntimeException failure) {
    node.errors().handle(toString(), failure);
    outbox.carrier().close(CloseReason.UNAVAILABLE);
  }

  @Override
  public CompletableFuture<byte[]> request(
      String type, @Nullable Object payload, Duration timeout) {
    Answers.Awaited awaited = answers.await(timeout);
    if (ended) {
      answers.fail();
    }
    control(type, node.envelopes().of(type, awaited.id(), payload));
    return awaited.answer();
  }

  Answers answers() {
    return answers;
  }

  // Topics

  @Override
  public void subscribe(String topic) {
    begin(open(topic, null));
  }

  @Override
  public void subscribe(String topic, Position from) {
    begin(open(topic, Objects.requireNonNull(from, "from")));
  }

  /**
   * Subscribes it; {@link #begin} delivers.
   *
   * @throws IllegalStateException if it has as many topics as it may
   */
  Subscription open(String topic, @Nullable Position from) {
    if (subscriptions.size() >= node.limits().maxTopics()) {
      throw new IllegalStateException(
          "a session may receive at most %d topics".formatted(node.limits().maxTopics()));
    }
    Subscription subscription = node.topics().subscribe(this, topic, from);
    Subscription before = subscriptions.put(topic, subscription);
    if (before != null) {
      before.end();
    }
    if (ended) {
      subscription.end();
    }
    Optional<Position> at = subscription.at();
    onLoop(box -> box.moved(topic, at));
    return subscription;
  }

  /** Delivers what was missed, on a thread of its own, and then what comes. */
  void begin(Subscription subscription) {
    syncing.incrementAndGet();
    node.workers()
        .execute(() -> {
          try {
            subscription.begin();
          } catch (RuntimeException failure) {
            node.errors().handle("history of topic '%s'".formatted(subscription.topic()), failure);
            close(CloseReason.UNAVAILABLE);
          } finally {
            syncing.decrementAndGet();
          }
        });
  }

  @Override
  public void unsubscribe(String topic) {
    Subscription subscription = subscriptions.remove(topic);
    if (subscription != null) {
      subscription.end();
      onLoop(box -> box.moved(topic, Optional.empty()));
    }
  }

  @Override
  public void join(String room) {
    subscribe(Audience.ROOMS + room);
    node.rooms().joined(this, room);
  }

  @Override
  public void join(String room, Position from) {
    subscribe(Audience.ROOMS + room, from);
    node.rooms().joined(this, room);
  }

  @Override
  public void leave(String room) {
    if (subscriptions.containsKey(Audience.ROOMS + room)) {
      unsubscribe(Audience.ROOMS + room);
      node.rooms().left(this, room);
    }
  }

  // The subscriber, on its loop

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public boolean deliver(Subscription subscription, Batch batch) {
    if (ended) {
      return true;
    }
    try {
      return outbox.deliver(subscription, batch);
    } catch (RuntimeException failure) {
      fail(failure);
      return true;
    }
  }

  @Override
  public void gap(Subscription subscription, GapReason why) {
    guarded(() -> outbox.gap(subscription, why));
  }

  @Override
  public void flush() {
    outbox.carrier().flush();
  }

  @Override
  public CompletableFuture<Void> written() {
    return outbox.written();
  }

  // The carrier's calls, on its loop

  /** Takes one message of the client's, to be handled in its turn; on any thread. */
  void receive(byte[] message) {
    loop.execute(() -> take(() -> node.commands().handle(this, message)));
  }

  /** As {@link #receive}, on its loop. */
  void receiveHere(byte[] message) {
    take(() -> node.commands().handle(this, message));
  }

  /** Whether it is the caller's. */
  boolean isOf(Optional<Principal> caller) {
    return principal().map(Principal::id).equals(caller.map(Principal::id));
  }

  /** As {@link #receiveHere}, of a message that is no envelope. */
  void receiveBinary(byte[] message) {
    take(() -> node.commands().handleBinary(this, message));
  }

  /** Does something in turn with the client's messages: before those that come from now on. */
  void inTurn(Runnable step) {
    boolean full = mailbox.add(step, this::resumeReading);
    if (full) {
      loop.execute(outbox.carrier()::pauseReading);
    }
  }

  private void resumeReading() {
    loop.execute(outbox.carrier()::resumeReading);
  }

  private void take(Runnable handling) {
    liveness.heard(node.timers().nanoTime());
    node.metrics().received();
    if (!rate.take(node.timers().nanoTime())) {
      if (rate.isExceeded()) {
        outbox.carrier().close(CloseReason.TOO_MANY);
      } else {
        String rule = "at most %d messages a second".formatted(rate.perSecond());
        node.metrics().refused("too_many");
        outbox.control("error", node.envelopes().error(null, "too_many", rule));
        outbox.carrier().flush();
      }
      return;
    }
    if (mailbox.add(handling, this::resumeReading)) {
      outbox.carrier().pauseReading();
    }
  }

  void heard() {
    liveness.heard(node.timers().nanoTime());
  }

  void writable() {
    outbox.drain();
  }

  /** The connection has ended; once. */
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    outbox.clear();
    node.sessions().remove(this);
    answers.fail();
    node.workers().execute(this::leaveAll);
    if (admitted) {
      inTurn(() -> node.handlers().closed(this));
    }
  }

  private void leaveAll() {
    subscriptions.values().forEach(Subscription::end);
    if (admitted) {
      node.rooms().ended(this);
    }
  }

  // Once a second, on any thread

  /** Asks whether the client is there, and ends the session if it is not, or may not stay. */
  void sweep(Instant now, long nanos) {
    Instant until = expiresAt;
    if (!admitted && liveness.isAuthLate(nanos)) {
      close(CloseReason.NOBODY);
    } else if (until != null && !now.isBefore(until)) {
      close(CloseReason.EXPIRED);
    } else {
      switch (liveness.check(nanos)) {
        case FINE -> {}
        case ASK -> onLoop(box -> box.carrier().ping());
        case GONE -> close(CloseReason.NO_PONG);
      }
    }
  }

  @Override
  public void close(CloseReason why) {
    onLoop(box -> box.carrier().close(why));
  }

  // The mailbox's thread

  void handling(@Nullable Command command) {
    current = command;
  }

  /** Whether the command that was handled is not answered yet. */
  boolean isUnanswered() {
    return current != null;
  }

  @Override
  public String toString() {
    return "session " + id;
  }
}
