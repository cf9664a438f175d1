package io.platformkit.core.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.RandomNumbers;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What the ports of one door share: the connections, the threads, the settings. */
final class Engine implements AutoCloseable {
  private final Settings settings;
  private final RandomNumbers random = new RandomNumbers();
  private final ThreadPoolExecutor events;
  private final ExecutorService callbacks;
  private final Client client;
  private final Link link;
  private final PubSub pubSub;

  Engine(Settings settings) {
    this.settings = settings;
    events = eventsExecutor();
    callbacks =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("platform-redis-callback").factory());
    client = new Client(settings);
    link =
        new Link(
            client::connect,
            events,
            settings.timers(),
            settings.backoff(),
            settings.timeout(),
            settings.counters());
    pubSub = new PubSub(this);
  }

  private static ThreadPoolExecutor eventsExecutor() {
    ThreadPoolExecutor made =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("platform-redis-link").factory(),
            new ThreadPoolExecutor.DiscardPolicy()); // after the close, when all calls are complete
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  Settings settings() {
    return settings;
  }

  Names names(String namespace) {
    return new Names(settings.prefix(), namespace);
  }

  long random() {
    return random.next();
  }

  Link link() {
    return link;
  }

  PubSub pubSub() {
    return pubSub;
  }

  Client client() {
    return client;
  }

  /**
   * Where futures complete, and what the host hangs on them runs: a thread for each, so that one
   * that waits for another can't hold it up. Costs no more than handing over to a pool.
   */
  Executor callbacks() {
    return callbacks;
  }

  static CommandArgs<byte[], byte[]> args() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  /** The arguments that run a script; its own follow. */
  static CommandArgs<byte[], byte[]> script(Script script, byte[]... keys) {
    return args().add(script.sha()).add(keys.length).addKeys(List.of(keys));
  }

  @Override
  public void close() {
    CloseOrder.within(settings.timeout())
        .then("redis subscriptions", pubSub::close)
        .then("redis link", () -> link.close().toCompletableFuture().get())
        .then("redis client", () -> client.close().get())
        .then("redis events", () -> drain(events))
        .then("redis callbacks", () -> drain(callbacks))
        .run();
  }

  private void drain(ExecutorService executor) throws InterruptedException {
    executor.shutdown();
    if (!executor.awaitTermination(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
      executor.shutdownNow();
    }
  }
}
