package io.platformkit.core.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.Backoff;
import io.platformkit.core.Bounds;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ports on Redis 6.2 or later: a standalone server, or a primary that Sentinel names. Safe for
 * concurrent use; one for a server is enough, for all callers share one connection and don't wait
 * for each other, and one more for what comes by itself.
 *
 * <p>Refused, by an {@link io.platformkit.core.UnavailableException} of the first call: a Redis
 * Cluster, and a server that may drop any key when memory is short. What was acknowledged survives
 * a restart of the server only with {@code appendonly yes} and {@code appendfsync always}; what it
 * lost otherwise is found out by readers of an {@link io.platformkit.core.log.EventLog}.
 *
 * <p>A user of the server needs the keys and channels that begin with the prefix, and all commands
 * that are not dangerous. Of those, INFO and CLIENT KILL make it safe: without the first, a server
 * that won't do is not found out, and without both, a request that a slow network brings after it
 * was sent again may be done twice.
 *
 * <p>Futures complete on virtual threads named {@code platform-redis-callback}, and what hangs on
 * them may block; an append's that nothing hangs on, on the thread that waits for it. Blocking
 * calls park virtual threads, and must not be made from a Netty loop.
 */
public final class Redis implements AutoCloseable {
  /** How long a call may take in all, if nothing else was said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private static final String DEFAULT_NAMESPACE = "default";

  private final Lifecycle lifecycle = new Lifecycle("Redis");
  private final Engine engine;
  private final @Nullable SystemTimers ownTimers;
  private final Set<AutoCloseable> ports = ConcurrentHashMap.newKeySet();

  private Redis(Settings settings, @Nullable SystemTimers ownTimers) {
    this.engine = new Engine(settings);
    this.ownTimers = ownTimers;
  }

  /** A door with all defaults; see {@link #builder}. */
  public static Redis connect(String uri) {
    return builder(uri).build();
  }

  /**
   * Collects the options.
   *
   * @param uri {@code redis://[[user:]password@]host[:port][/database]}, {@code rediss://} for TLS,
   *     or {@code redis-sentinel://[password@]host[:port][,host[:port]…][/database]#primary}
   */
  public static Builder builder(String uri) {
    return new Builder(uri);
  }

  /** The store of the namespace {@code "default"}, which can't be scanned. */
  public KeyValueStore keyValues() {
    return keyValues(DEFAULT_NAMESPACE);
  }

  /** The store of a namespace, which can't be scanned. */
  public KeyValueStore keyValues(String namespace) {
    return keyValues(KeyValueOptions.of(namespace));
  }

  /**
   * The store of a namespace. The server keeps whether the namespace can be scanned; the first call
   * of a store that says another thing is refused with an {@link IllegalStateException}.
   */
  public KeyValueStore keyValues(KeyValueOptions options) {
    Objects.requireNonNull(options, "options");
    lifecycle.requireOpen();
    return handOut(new RedisKeyValueStore(engine, options, ports::remove));
  }

  /** The log of the namespace {@code "default"}, whose streams stay until they are deleted. */
  public EventLog eventLog() {
    return eventLog(EventLogOptions.of(DEFAULT_NAMESPACE));
  }

  /** The log of a namespace. */
  public EventLog eventLog(EventLogOptions options) {
    Objects.requireNonNull(options, "options");
    lifecycle.requireOpen();
    return handOut(new RedisEventLog(engine, options, ports::remove));
  }

  /** The bus of the namespace {@code "default"}. */
  public MessageBus messageBus() {
    return messageBus(DEFAULT_NAMESPACE);
  }

  /** The bus of a namespace. */
  public MessageBus messageBus(String namespace) {
    lifecycle.requireOpen();
    return handOut(new RedisMessageBus(engine, namespace, ports::remove));
  }

  /** The leases of the namespace {@code "default"}. */
  public RedisLeases leases() {
    return leases(DEFAULT_NAMESPACE);
  }

  /** The leases of a namespace. */
  public RedisLeases leases(String namespace) {
    lifecycle.requireOpen();
    return handOut(new RedisLeases(engine, namespace, ports::remove));
  }

  private <T extends AutoCloseable> T handOut(T port) {
    ports.add(port);
    return port;
  }

  /** Closes the ports, each of which completes what it was given, and then the connections. */
  @Override
  public void close() {
    lifecycle.close(() -> {
      List<AutoCloseable> order = new ArrayList<>(ports);
      order.add(engine);
      if (ownTimers != null) {
        order.add(ownTimers);
      }
      closeAll(order);
    });
  }

  private void closeAll(List<AutoCloseable> order) {
    CloseOrder closing =
        CloseOrder.within(engine.settings().timeout().multipliedBy(2).plusSeconds(5));
    order.forEach(one -> closing.then(one.getClass().getSimpleName(), one));
    closing.run();
  }

  /** Options of a door. For one thread; each option at most once. */
  public static final class Builder {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int LARGEST_VALUE = 256 << 20;

    private final String uri;
    private final Set<String> given = new HashSet<>();
    private Optional<String> user = Optional.empty();
    private Optional<char[]> password = Optional.empty();
    private Optional<char[]> sentinelPassword = Optional.empty();
    private Optional<Path> trusted = Optional.empty();
    private Optional<Settings.Identity> identity = Optional.empty();
    private boolean evicting;
    private String prefix = "platform";
    private @Nullable Timers timers;
    private ErrorHandler errors = ErrorHandler.logging();
    private @Nullable MeterRegistry registry;
    private int maxValueBytes = Bounds.VALUE_BYTES;
    private Duration timeout = DEFAULT_TIMEOUT;
    private Backoff backoff =
        Backoff.exponential(Duration.ofMillis(20), Backoff.UNLIMITED).cap(Duration.ofSeconds(1));

    private Builder(String uri) {
      this.uri = Objects.requireNonNull(uri, "uri");
    }

    /** The ACL user and its password. Default: what the URI says, or none. */
    public Builder user(String name, char[] password) {
      Given.once(given, "user");
      this.user = Optional.of(name);
      this.password = Optional.of(password.clone());
      return this;
    }

    /** What Sentinels ask for; the password of the URI is for the servers. Default: none. */
    public Builder sentinelPassword(char[] password) {
      Given.once(given, "sentinelPassword");
      this.sentinelPassword = Optional.of(password.clone());
      return this;
    }

    /**
     * With {@code rediss://}, the PEM file of the certificates that the server's is signed by.
     * Default: those of the JVM.
     */
    public Builder trusted(Path certificates) {
      Given.once(given, "trusted");
      this.trusted = Optional.of(certificates);
      return this;
    }

    /**
     * With {@code rediss://}, the PEM files of the certificates and of the unencrypted key that
     * show who asks. Default: none.
     */
    public Builder identity(Path certificates, Path key) {
      Given.once(given, "identity");
      this.identity = Optional.of(new Settings.Identity(certificates, key));
      return this;
    }

    /**
     * Takes a server that drops any key when memory is short: for hosts that keep only what they
     * can lose. Default: false.
     */
    public Builder evicting(boolean taken) {
      Given.once(given, "evicting");
      this.evicting = taken;
      return this;
    }

    /** What all keys and channels begin with. Default: {@code platform}. */
    public Builder prefix(String prefix) {
      Given.once(given, "prefix");
      this.prefix = prefix;
      return this;
    }

    /** For waiting; not closed. Default: own ones. */
    public Builder timers(Timers timers) {
      Given.once(given, "timers");
      this.timers = timers;
      return this;
    }

    /** Told of what listeners throw. Default: logs. */
    public Builder errorHandler(ErrorHandler errors) {
      Given.once(given, "errorHandler");
      this.errors = errors;
      return this;
    }

    /**
     * Counts connections as {@code platform.core.redis.connections} and what was sent again as
     * {@code platform.core.redis.resent}. Default: nothing is counted.
     */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.registry = registry;
      return this;
    }

    /** Largest value and entry. Default: {@link Bounds#VALUE_BYTES}. */
    public Builder maxValueBytes(int bytes) {
      Given.once(given, "maxValueBytes");
      this.maxValueBytes = bytes;
      return this;
    }

    /**
     * How long a call may take in all, with connecting and all sendings. A server that says nothing
     * for half of it is connected to anew. Default: 10 seconds.
     */
    public Builder timeout(Duration timeout) {
      Given.once(given, "timeout");
      this.timeout = timeout;
      return this;
    }

    /** How long to wait before connecting again. Default: 20 ms, doubled, up to a second. */
    public Builder backoff(Backoff backoff) {
      Given.once(given, "backoff");
      this.backoff = backoff;
      return this;
    }

    /**
     * Checks all options; connects to nothing yet.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     * @throws IllegalStateException if Lettuce is not on the class path
     */
    public Redis build() {
      requireLettuce();
      List<String> faults = new ArrayList<>();
      Uris.fault(uri).ifPresent(faults::add);
      Given.require(
          faults,
          "prefix",
          prefix,
          PREFIX.matcher(prefix).matches(),
          "1 to 64 letters, digits, _, . and -");
      Given.require(
          faults,
          "maxValueBytes",
          maxValueBytes,
          maxValueBytes > 0 && maxValueBytes <= LARGEST_VALUE,
          "from 1 to " + LARGEST_VALUE);
      Given.requireSpan(faults, "timeout", timeout, Duration.ofMillis(100), Duration.ofHours(1));
      trusted.ifPresent(file -> requireFile(faults, "trusted", file));
      identity.ifPresent(own -> {
        requireFile(faults, "certificates of identity", own.certificates());
        requireFile(faults, "key of identity", own.key());
      });
      Given.refuse(faults);
      SystemTimers own = timers == null ? SystemTimers.create(errors) : null;
      return new Redis(settings(own == null ? Objects.requireNonNull(timers) : own), own);
    }

    private static void requireFile(List<String> faults, String property, Path file) {
      Given.require(faults, property, file, Files.isReadable(file), "a readable file");
    }

    private Settings settings(Timers chosen) {
      return new Settings(
          uri,
          user,
          password,
          sentinelPassword,
          trusted,
          identity,
          evicting,
          prefix,
          chosen,
          errors,
          new Counters(registry),
          maxValueBytes,
          timeout,
          backoff);
    }

    private static void requireLettuce() {
      try {
        Class.forName("io.lettuce.core.RedisClient", false, Redis.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(
            "Redis needs Lettuce on the class path; add the artifact io.lettuce:lettuce-core", e);
      }
    }
  }
}
