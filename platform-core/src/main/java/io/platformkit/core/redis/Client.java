package io.platformkit.core.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes connections, and checks them; starts with the first one. Safe for concurrent use. */
final class Client {
  private static final Logger log = LoggerFactory.getLogger(Client.class);

  private final Settings settings;
  private final Timers timers;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private @Nullable Lettuce lettuce;
  private boolean closed;

  Client(Settings settings) {
    this.settings = settings;
    this.timers = settings.timers();
    this.patience = settings.timeout().dividedBy(2);
  }

  private Lettuce lettuce() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("Redis is closed");
      }
      if (lettuce == null) {
        lettuce = new Lettuce(settings);
      }
      return lettuce;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A connection to a server that is fit, with all scripts loaded. Fails in half the timeout.
   *
   * @param before the connection that was lost last; the server forgets what of it is still on its
   *     way, for that is sent again and must not be done twice
   */
  CompletionStage<Session> connect(Optional<Session.Id> before) {
    return lettuce().connect().thenCompose(made -> closingOnFailure(made, handshake(made, before)));
  }

  private CompletionStage<Session> handshake(
      StatefulRedisConnection<byte[], byte[]> connection, Optional<Session.Id> before) {
    RedisAsyncCommands<byte[], byte[]> redis = connection.async();
    CompletionStage<Long> client = ifPermitted("CLIENT ID", redis.clientId(), 0L);
    return ifPermitted("INFO", redis.info(), "")
        .thenApply(info -> Fitness.require(info, settings.evicting()))
        .thenCombine(client, Session.Id::new)
        .thenCompose(id ->
            forget(redis, before, id)
                .thenCompose(forgotten -> load(redis))
                .thenApply(loaded -> session(connection, id)));
  }

  /** A server counts connections from one again when it is started again. */
  private static CompletionStage<Long> forget(
      RedisAsyncCommands<byte[], byte[]> redis, Optional<Session.Id> before, Session.Id now) {
    return before
        .filter(last -> last.isKnown() && last.run().equals(now.run()))
        .map(last ->
            ifPermitted("CLIENT KILL", redis.clientKill(KillArgs.Builder.id(last.client())), 0L))
        .orElse(CompletableFuture.completedStage(0L));
  }

  private static <T> CompletionStage<T> ifPermitted(
      String command, CompletionStage<T> answer, T otherwise) {
    return answer.exceptionallyCompose(failure -> {
      if (!Failures.says(failure, "NOPERM")) {
        return CompletableFuture.failedStage(failure);
      }
      log.warn("Redis does not permit {}; less is checked than could be", command);
      return CompletableFuture.completedStage(otherwise);
    });
  }

  private static Session session(
      StatefulRedisConnection<byte[], byte[]> connection, Session.Id id) {
    Session session = new Session(connection, id);
    connection.addListener(Disconnects.to(session::end));
    if (!connection.isOpen()) {
      session.end(new RedisException("the connection ended at once"));
    }
    return session;
  }

  /** A connection that is used for subscriptions alone. */
  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
    return lettuce().connectPubSub();
  }

  /** Closes a connection that isn't ready in time; then what is asked on it fails. */
  private <T> CompletionStage<T> closingOnFailure(
      StatefulRedisConnection<byte[], byte[]> connection, CompletionStage<T> next) {
    Timers.Timer late = timers.after("redis-late", patience, () -> Session.discard(connection));
    return next.whenComplete((done, failure) -> {
      late.cancel();
      if (failure != null) {
        Session.discard(connection);
      }
    });
  }

  private static CompletionStage<Void> load(RedisAsyncCommands<byte[], byte[]> redis) {
    return CompletableFuture.allOf(
        Scripts.ALL.stream()
            .map(script -> redis.scriptLoad(script.text()).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  CompletableFuture<Void> close() {
    lock.lock();
    try {
      closed = true;
      return lettuce == null ? CompletableFuture.completedFuture(null) : lettuce.close();
    } finally {
      lock.unlock();
    }
  }
}
