package io.platformkit.core.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.platformkit.core.Timers;
import io.platformkit.core.UnavailableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscriptions, on one connection of their own. When it is lost, a new one is made and all
 * channels are subscribed to again before listeners are told. Safe for concurrent use; changes are
 * made one at a time.
 */
final class PubSub {
  private static final Logger log = LoggerFactory.getLogger(PubSub.class);

  /** Takes what comes; called by the client's thread, so it must not block. */
  interface Listener {
    void onMessage(byte[] data);

    /** Nothing comes for the time being. */
    void onLost();

    /** Messages come again; some were missed. */
    void onBack();
  }

  private final Engine engine;
  private final Timers timers;
  private final long timeout;
  private final RandomGenerator random = new SplittableRandom();
  private final Map<ByteBuffer, Channel> channels = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows, also during I/O
  private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;
  private boolean lost;
  private boolean restoring;
  private boolean watching;
  private int failures;

  PubSub(Engine engine) {
    this.engine = engine;
    this.timers = engine.settings().timers();
    this.timeout = engine.settings().timeout().toNanos();
  }

  /**
   * Adds a listener of a channel; each time counts. Blocks until the server has confirmed.
   *
   * @throws UnavailableException if it did not in time, or the thread was interrupted; then the
   *     listener was not added
   */
  void subscribe(byte[] name, Listener listener) {
    long deadline = timers.nanoTime() + timeout;
    requireLock(deadline);
    try {
      Channel channel = channels.computeIfAbsent(ByteBuffer.wrap(name), key -> new Channel(name));
      channel.add(listener);
      try {
        confirm(channel, deadline);
      } catch (RuntimeException failure) {
        remove(channel, listener);
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireLock(long deadline) {
    try {
      if (lock.tryLock(deadline - timers.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting to subscribe", e);
    }
    throw new UnavailableException("Redis could not be subscribed to in time");
  }

  private void confirm(Channel channel, long deadline) {
    while (true) {
      try {
        if (connection == null) {
          restore(deadline);
        } else if (!channel.isConfirmed()) {
          await(connection.async().subscribe(channel.name()), deadline);
        }
        channel.confirm();
        watch();
        return;
      } catch (UnavailableException failure) {
        if (Thread.currentThread().isInterrupted()) {
          throw failure;
        }
        drop();
        if (timers.nanoTime() - deadline >= 0 || closed) {
          throw failure;
        }
        pause();
      }
    }
  }

  /** A short wait between two tries; the lock stays, for nobody else could do better. */
  private void pause() {
    failures++;
    Duration delay = engine.settings().backoff().delay(failures, random).orElse(Duration.ZERO);
    LockSupport.parkNanos(this, delay.toNanos());
  }

  /**
   * Connects and subscribes to all there is; tells listeners if messages came before. There is no
   * connection if that fails.
   */
  private void restore(long deadline) {
    if (closed) {
      throw new UnavailableException("the connection was closed");
    }
    StatefulRedisPubSubConnection<byte[], byte[]> made = connect(deadline);
    made.addListener(new Receiver());
    made.addListener(Disconnects.to(why -> aside(() -> onLost(made))));
    connection = made;
    try {
      subscribeToAll(made, deadline);
    } catch (UnavailableException failure) {
      drop();
      throw failure;
    }
    failures = 0;
    for (Channel channel : channels.values()) {
      boolean before = channel.isConfirmed();
      channel.confirm();
      if (before && lost) {
        channel.tell(Listener::onBack);
      }
    }
    lost = false;
  }

  private StatefulRedisPubSubConnection<byte[], byte[]> connect(long deadline) {
    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> coming =
        engine.client().connectPubSub();
    try {
      return await(coming, deadline);
    } catch (UnavailableException nobodyWaits) {
      CompletionStage<?> unused = coming.thenAccept(Session::discard);
      throw nobodyWaits;
    }
  }

  private void subscribeToAll(StatefulRedisPubSubConnection<byte[], byte[]> made, long deadline) {
    byte[][] names = channels.values().stream().map(one -> one.name()).toArray(byte[][]::new);
    if (names.length > 0) {
      await(made.async().subscribe(names), deadline);
    }
  }

  /** Not on the client's thread, for it waits. */
  private static void aside(Runnable task) {
    Thread.ofVirtual().name("platform-redis-subscriptions").start(task);
  }

  private void onLost(StatefulRedisPubSubConnection<byte[], byte[]> which) {
    lock.lock();
    try {
      if (which.equals(connection)) {
        log.warn("The subscriptions' connection to Redis was lost");
        drop();
        restoreLater();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the connection; who listens is told once. */
  private void drop() {
    StatefulRedisPubSubConnection<byte[], byte[]> last = connection;
    connection = null;
    if (last != null) {
      Session.discard(last);
      if (!lost && !closed) {
        lost = true;
        channels.values().stream()
            .filter(Channel::isConfirmed)
            .forEach(channel -> channel.tell(Listener::onLost));
      }
    }
  }

  private void restoreLater() {
    if (restoring || closed || channels.isEmpty()) {
      return;
    }
    restoring = true;
    failures++;
    Duration delay =
        engine.settings().backoff().delay(failures, random).orElse(Duration.ofSeconds(1));
    timers.after("redis-subscribe", delay, this::tryToRestore);
  }

  private void tryToRestore() {
    lock.lock();
    try {
      restoring = false;
      if (connection == null && !closed && !channels.isEmpty()) {
        restore(timers.nanoTime() + timeout);
        watch();
      }
    } catch (UnavailableException failure) {
      log.warn("Redis can't be subscribed to, try {}: {}", failures, failure.getMessage());
      drop();
      restoreLater();
    } finally {
      lock.unlock();
    }
  }

  /** Asks now and then, for a connection that carries nothing may be dead for long. */
  private void watch() {
    if (!watching && !closed) {
      watching = true;
      timers.after("redis-ping", Duration.ofNanos(timeout / 2), this::ping);
    }
  }

  private void ping() {
    lock.lock();
    try {
      watching = false;
      if (connection != null && !channels.isEmpty()) {
        await(connection.async().ping(), timers.nanoTime() + timeout / 2);
        watch();
      }
    } catch (UnavailableException silent) {
      log.warn("The subscriptions' connection to Redis is silent: {}", silent.getMessage());
      drop();
      restoreLater();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a listener away, as often as it was added. */
  void unsubscribe(byte[] name, Listener listener) {
    lock.lock();
    try {
      Channel channel = channels.get(ByteBuffer.wrap(name));
      if (channel != null) {
        remove(channel, listener);
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(Channel channel, Listener listener) {
    if (channel.remove(listener)) {
      channels.remove(ByteBuffer.wrap(channel.name()));
      if (connection != null) {
        CompletionStage<Void> unused = connection.async().unsubscribe(channel.name());
      }
    }
  }

  void close() {
    closed = true; // ends who tries again and again under the lock
    lock.lock();
    try {
      drop();
      channels.clear();
    } finally {
      lock.unlock();
    }
  }

  private <T> T await(CompletionStage<T> stage, long deadline) {
    try {
      long left = Math.max(0, deadline - timers.nanoTime());
      return stage.toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while subscribing", e);
    } catch (TimeoutException e) {
      throw new UnavailableException("Redis did not answer in time", e);
    } catch (ExecutionException e) {
      Throwable reason = Failures.reason(e.getCause() == null ? e : e.getCause());
      throw new UnavailableException(
          "Redis can't be subscribed to: " + reason.getMessage(), reason);
    }
  }

  private final class Receiver extends RedisPubSubAdapter<byte[], byte[]> {
    @Override
    public void message(byte[] name, byte[] data) {
      Channel channel = channels.get(ByteBuffer.wrap(name));
      if (channel != null) {
        channel.tell(listener -> listener.onMessage(data));
      }
    }
  }
}
