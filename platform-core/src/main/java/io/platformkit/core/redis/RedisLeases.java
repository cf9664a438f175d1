package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.lease.HeldLease;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.LeaseLostException;
import io.platformkit.core.lease.LeasedWork;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.redis.Call.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leases by the clock of a Redis server. After a failover the new primary may not know a lease that
 * the old one gave: then two holders are possible, and the token of the second one is larger. What
 * is changed in the same Redis can be fenced with {@link #runIfHeld}.
 */
public final class RedisLeases implements Leases {
  /** How long a token is remembered after its lease; later ones are larger by the clock. */
  private static final Duration MEMORY = Duration.ofDays(1);

  private final Engine engine;
  private final Consumer<AutoCloseable> onClose;
  private final Lifecycle lifecycle = new Lifecycle("leases");
  private final byte[] begin;
  private final Map<Id, Held> held = new ConcurrentHashMap<>();

  RedisLeases(Engine engine, String namespace, Consumer<AutoCloseable> onClose) {
    this.engine = engine;
    this.onClose = onClose;
    begin = engine.names(namespace).begin("lease");
  }

  @Override
  public Optional<Lease> tryAcquire(String name, Duration ttl) {
    byte[] key = Names.key(begin, Bounds.requireName("name", name));
    Bounds.requireSpan("ttl", ttl, SHORTEST_TTL, LONGEST_TTL);
    lifecycle.requireOpen();
    long nonce = engine.random();
    long askedAt = engine.settings().timers().nanoTime();
    CommandArgs<byte[], byte[]> args = Engine.script(Scripts.ACQUIRE, key);
    args.add(nonce).add(ttl.toMillis()).add(MEMORY.toMillis());
    Object token = ask("acquisition of lease", name, args);
    if (token == null) {
      return Optional.empty();
    }
    AtServer server = new AtServer(new Id(name, Answers.digits(token)), key, ttl, nonce);
    return new Held(server, askedAt).keep();
  }

  private @Nullable Object ask(String what, String name, CommandArgs<byte[], byte[]> args) {
    Call call = new Call(Kind.REPEATABLE, what, name, CommandType.EVALSHA, args);
    return engine.link().send(call).await();
  }

  @Override
  public boolean whileHeld(String name, Duration ttl, LeasedWork work) {
    return HeldLease.whileHeld(this, name, ttl, work, engine.settings().timers());
  }

  /**
   * Runs a script of the host if the lease is held by the server's clock, in one step with the
   * check: no other holder's script comes between. Blocks; is not sent again when an answer is
   * lost.
   *
   * @param lease of this object
   * @param script in Lua, as for EVAL; it sees the keys and arguments that are given here
   * @param keys the script's {@code KEYS}, as they are on the server: without prefix and namespace
   * @param args the script's {@code ARGV}
   * @return what the script returned: bytes, a {@link Long}, or a list of these; empty for nil
   * @throws LeaseLostException if the lease is not held any more; the script did not run
   * @throws UnavailableException if the server was not asked, or the script failed
   * @throws io.platformkit.core.OutcomeUnknownException if the answer was lost
   */
  public Optional<Object> runIfHeld(
      Lease lease, String script, List<byte[]> keys, List<byte[]> args) {
    lifecycle.requireOpen();
    Held mine = held.get(new Id(lease.name(), lease.token()));
    if (mine == null) {
      throw new LeaseLostException(lease.name(), lease.token());
    }
    CommandArgs<byte[], byte[]> all = Engine.args().add(Scripts.fenced(script).text());
    all.add(1 + keys.size()).addKey(mine.server.key).addKeys(keys);
    all.add(lease.token()).add(mine.server.nonce);
    args.forEach(all::add);
    Call call = new Call(Kind.ONCE, "a script under lease", lease.name(), CommandType.EVAL, all);
    try {
      return Optional.ofNullable(engine.link().send(call).await());
    } catch (UnavailableException refused) {
      if (Failures.says(refused, "LEASELOST")) {
        throw new LeaseLostException(lease.name(), lease.token());
      }
      throw refused;
    }
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      List<Thread> releases = // each may take its time when the server can't be reached
          held.values().stream()
              .map(one -> Thread.ofVirtual().name("platform-redis-release").start(one::giveUp))
              .toList();
      releases.forEach(RedisLeases::join);
      onClose.accept(this);
    });
  }

  private static void join(Thread release) {
    try {
      release.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What only one holder has. */
  private record Id(String name, long token) {}

  /** What the server is asked for one lease. */
  private final class AtServer implements HeldLease.Server {
    private final Id id;
    private final byte[] key;
    private final Duration ttl;
    private final long nonce;

    AtServer(Id id, byte[] key, Duration ttl, long nonce) {
      this.id = id;
      this.key = key;
      this.ttl = ttl;
      this.nonce = nonce;
    }

    @Override
    public boolean renew() {
      CommandArgs<byte[], byte[]> args = args(Scripts.RENEW);
      args.add(ttl.toMillis()).add(MEMORY.toMillis());
      return Long.valueOf(1).equals(ask("renewal of lease", id.name, args));
    }

    @Override
    public void release() {
      held.remove(id);
      ask("release of lease", id.name, args(Scripts.RELEASE));
    }

    private CommandArgs<byte[], byte[]> args(Script script) {
      return Engine.script(script, key).add(id.token).add(nonce);
    }
  }

  /** A lease of this process, and how the server knows it. */
  private final class Held {
    private final HeldLease lease;
    private final AtServer server;

    Held(AtServer server, long askedAt) {
      this.server = server;
      lease =
          HeldLease.of(
              server.id.name,
              server.id.token,
              server.ttl,
              askedAt,
              engine.settings().timers(),
              server);
    }

    /** Empty if the answer took longer than the lease lasts. */
    Optional<Lease> keep() {
      held.put(server.id, this);
      CompletableFuture<Void> unused = lease.lost().thenRun(() -> held.remove(server.id));
      requireOpenOrGiveUp();
      return lease.orGivenBack();
    }

    /** The leases were closed meanwhile, and this one was not among those given back. */
    private void requireOpenOrGiveUp() {
      try {
        lifecycle.requireOpen();
      } catch (IllegalStateException closed) {
        giveUp();
        throw closed;
      }
    }

    void giveUp() {
      try {
        lease.giveUp();
      } catch (RuntimeException failure) {
        engine.settings().errors().handle("release of " + lease, failure);
      }
    }
  }
}
