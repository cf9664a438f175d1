package io.platformkit.core.redis;

import io.platformkit.core.Backoff;
import io.platformkit.core.Timers;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends calls over one connection, which it makes when it is needed and again when it was lost.
 * Calls of one thread reach the server in their order, also when they are sent again. Whoever calls
 * sends what all have to send, so no thread is handed anything on the way out. Safe for concurrent
 * use.
 */
final class Link {
  private static final Logger log = LoggerFactory.getLogger(Link.class);

  private static final int BATCH = 256;

  /** Rounds that one caller makes for others before the executor takes over. */
  private static final int ROUNDS = 16;

  private final Function<Optional<Session.Id>, CompletionStage<Session>> connector;
  private final Executor executor; // for events of the client, and when a caller has done enough
  private final Timers timers;
  private final Backoff backoff;
  private final Counters counters;
  private final long timeout;
  private final long silence;
  private final Duration tick;
  private final RandomGenerator random = new SplittableRandom();

  private final Queue<Call> inbox = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger work = new AtomicInteger();

  // What follows belongs to whoever has raised work from zero.
  private final Backlog waiting = new Backlog();
  private final List<Call> batch = new ArrayList<>();
  private @Nullable Session session;
  private Optional<Session.Id> lastLost = Optional.empty();
  private boolean connecting;
  private boolean ticking;
  private boolean closed;
  private int failures;
  private Throwable trouble = new UnavailableException("the connection is not made yet");

  Link(
      Function<Optional<Session.Id>, CompletionStage<Session>> connector,
      Executor executor,
      Timers timers,
      Backoff backoff,
      Duration timeout,
      Counters counters) {
    this.connector = connector;
    this.executor = executor;
    this.timers = timers;
    this.backoff = backoff;
    this.counters = counters;
    this.timeout = TimeUnit.NANOSECONDS.convert(timeout);
    this.silence = this.timeout / 2;
    this.tick = Duration.ofNanos(Math.clamp(this.timeout / 20, 5_000_000, 250_000_000));
  }

  /** Sends a call; it completes in any case, within the timeout. */
  void start(Call call) {
    call.due(timers.nanoTime() + timeout);
    inbox.add(call);
    signal();
  }

  /** Sends a call, for who waits for it. */
  Call send(Call call) {
    start(call);
    return call;
  }

  /** Sends calls in one go. */
  void sendAll(List<? extends Call> calls) {
    long due = timers.nanoTime() + timeout;
    for (Call call : calls) {
      call.due(due);
      inbox.add(call);
    }
    signal();
  }

  /** Ends the connection and all calls that have no answer. */
  CompletionStage<@Nullable Void> close() {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    now(() -> {
      closed = true;
      trouble = new UnavailableException("the connection was closed");
      lost(session, trouble);
      waiting.giveUp(trouble);
      done.complete(null);
    });
    return done;
  }

  private void signal() {
    if (work.getAndIncrement() == 0) {
      drain();
    }
  }

  /** For threads that may write: those of timers. */
  private void now(Runnable event) {
    events.add(event);
    signal();
  }

  /** For threads of the client, which must not write: then "not sent" could not be told apart. */
  private void later(Runnable event) {
    events.add(event);
    if (work.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    for (int round = 0; round < ROUNDS; round++) {
      int seen = work.get();
      boolean more = guardedTurn();
      if (!more && work.addAndGet(-seen) == 0) {
        return;
      }
    }
    executor.execute(this::drain);
  }

  private boolean guardedTurn() {
    try {
      return turn();
    } catch (RuntimeException | Error failure) {
      log.error("The link to Redis failed; what is under way is sent again", failure);
      lost(session, failure);
      return true;
    }
  }

  /** Whether there is more to do. */
  private boolean turn() {
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      event.run();
    }
    boolean more = false;
    if (session == null) {
      waiting.takeFrom(inbox);
      connect();
    } else {
      more = forward(session);
    }
    watch();
    return more;
  }

  /** Sends one batch; whether there may be more. */
  private boolean forward(Session to) {
    for (Call call = next(); call != null; call = batch.size() < BATCH ? next() : null) {
      batch.add(call);
    }
    if (batch.isEmpty()) {
      return false;
    }
    boolean full = batch.size() == BATCH;
    try {
      to.send(batch, timers.nanoTime());
    } finally {
      batch.clear();
    }
    return full;
  }

  private @Nullable Call next() {
    Call first = waiting.poll();
    return first != null ? first : inbox.poll();
  }

  private void connect() {
    if (closed) {
      waiting.giveUp(trouble);
    } else if (!connecting && !waiting.isEmpty()) {
      connecting = true;
      try {
        connector
            .apply(lastLost)
            .whenComplete((made, failure) -> later(() -> connected(made, failure)));
      } catch (RuntimeException failure) {
        connected(null, failure);
      }
    }
  }

  private void connected(@Nullable Session made, @Nullable Throwable failure) {
    connecting = false;
    if (made == null) {
      failed(failure == null ? new IllegalStateException("no session") : failure);
      return;
    }
    if (closed) {
      made.close();
      return;
    }
    failures = 0;
    session = made;
    counters.connected();
    made.onEnd(why -> later(() -> lost(made, why)));
  }

  private void failed(Throwable failure) {
    trouble = Failures.reason(failure);
    failures++;
    if (Integer.bitCount(failures) == 1) { // less and less often
      log.warn("Redis can't be reached, try {}: {}", failures, trouble.getMessage());
    }
    if (Failures.isFinal(trouble)) {
      failures = 0;
      waiting.giveUp(trouble);
      return;
    }
    backoff.delay(failures, random).ifPresentOrElse(this::connectAfter, this::giveUpConnecting);
  }

  private void connectAfter(Duration delay) {
    connecting = true;
    timers.after("redis-connect", delay, () -> now(() -> connecting = false));
  }

  private void giveUpConnecting() {
    failures = 0;
    waiting.giveUp(trouble);
  }

  /** What was under way goes to the next connection, before what came later. */
  private void lost(@Nullable Session which, Throwable why) {
    if (which == null || which != session) {
      return;
    }
    session = null;
    lastLost = Optional.of(which.id());
    which.close();
    trouble = Failures.reason(why);
    List<Call> taken = which.takeUnderWay();
    if (!closed) {
      log.warn(
          "The connection to Redis was lost with {} calls under way: {}",
          taken.size(),
          trouble.getMessage());
    }
    for (Call call : taken.reversed()) {
      if (call.lost(trouble)) {
        counters.resent();
        waiting.addFirst(call);
      }
    }
  }

  /** Looks after time while there is anything that may take too long. */
  private void watch() {
    boolean underWay = session != null && session.oldest() != null;
    if (!ticking && !closed && (underWay || !waiting.isEmpty())) {
      ticking = true;
      timers.after("redis-watch", tick, () -> now(this::tick));
    }
  }

  private void tick() {
    ticking = false;
    long now = timers.nanoTime();
    waiting.giveUpDue(now, trouble);
    if (session != null) {
      lookAfter(session, now);
    }
  }

  private void lookAfter(Session current, long now) {
    current.expireDue(now);
    Call oldest = current.oldest();
    if (oldest != null && now - oldest.lastSent() > silence) {
      lost(current, new UnavailableException("no answer for " + Duration.ofNanos(silence)));
    }
  }
}
