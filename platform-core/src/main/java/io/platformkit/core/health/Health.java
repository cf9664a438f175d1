package io.platformkit.core.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs named checks when it is asked, and answers probes. Safe for concurrent use.
 *
 * <p>All checks run at once, each on a thread of its own and with a time-out; what hangs is not
 * started again. Answers are kept for a while, and whoever asks meanwhile waits for the same run:
 * however many probes there are, a dependency is asked once in that time.
 *
 * <p>Mount {@link #liveness()} where a restart is decided, {@link #readiness()} where traffic is,
 * and {@link #details()} for people.
 */
public final class Health {
  /** How long a check may take unless the host says otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  /** How long an answer is kept unless the host says otherwise. */
  public static final Duration DEFAULT_CACHE_FOR = Duration.ofSeconds(1);

  /** Most checks. */
  public static final int MAX_CHECKS = 100;

  private static final Logger log = LoggerFactory.getLogger(Health.class);
  private static final String PREFIX = "platform.core.health.";

  private final HealthAnswers answers;
  private final List<WatchedCheck> checks;
  private final Duration timeout;
  private final Duration cacheFor;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final @Nullable MeterRegistry meters;
  private final ReentrantLock running = new ReentrantLock();
  private volatile boolean draining;
  private @Nullable HealthReport last;
  private long lastNanos;

  private Health(Builder options) {
    checks = List.copyOf(options.checks);
    timeout = options.timeout;
    cacheFor = options.cacheFor;
    clock = options.clock;
    nanoTime = options.nanoTime;
    meters = options.meters;
    answers =
        new HealthAnswers(
            options.service, options.seesDetails, new LinkedHashMap<>(options.facts), nanoTime);
    if (meters != null) {
      checks.forEach(check -> gauge(meters, check));
    }
  }

  private static void gauge(MeterRegistry meters, WatchedCheck check) {
    Gauge.builder(PREFIX + "status", check, WatchedCheck::gauge)
        .description("1 healthy, 0.5 degraded, 0 unhealthy")
        .tag("check", check.name())
        .strongReference(true)
        .register(meters);
  }

  /**
   * Starts with no checks.
   *
   * @param service the host's name for itself, as answers show it
   */
  public static Builder builder(String service) {
    return new Builder(service);
  }

  /**
   * {@code GET}: 200 as long as the process can answer at all. Asks no check: a restart of this
   * process heals no other.
   */
  public HttpEndpoint liveness() {
    return request -> answers.alive();
  }

  /**
   * {@code GET}: 200 if the host can do its work, else 503. It can if no critical check is
   * unhealthy and {@link #drain} was not called.
   */
  public HttpEndpoint readiness() {
    return request -> answers.ready(report());
  }

  /**
   * {@code GET /api/health}: status, service, time and uptime, the host's own facts, and each check
   * for those who may see details. 503 if the host is unhealthy, else 200.
   */
  public HttpEndpoint details() {
    return request -> answers.whole(report(), request);
  }

  /**
   * How the host is doing. Blocks for the time-out at most, unless an answer is kept.
   *
   * @throws InterruptedException if the thread was interrupted meanwhile
   */
  public HealthReport report() throws InterruptedException {
    running.lockInterruptibly();
    try {
      HealthReport known = last;
      if (known == null || nanoTime.getAsLong() - lastNanos >= cacheFor.toNanos()) {
        known = run();
        last = known;
        lastNanos = nanoTime.getAsLong();
      }
      return draining ? draining(known) : known;
    } finally {
      running.unlock();
    }
  }

  /** From now on the host is not ready: call it first, then wait until no requests come. */
  public void drain() {
    draining = true;
  }

  private static HealthReport draining(HealthReport report) {
    return new HealthReport(HealthStatus.UNHEALTHY, true, report.at(), report.checks());
  }

  private HealthReport run() throws InterruptedException {
    Instant now = clock.instant();
    checks.forEach(WatchedCheck::begin);
    List<CheckReport> reports = new ArrayList<>();
    HealthStatus worst = HealthStatus.HEALTHY;
    for (WatchedCheck check : checks) {
      CheckReport report = check.end(timeout, now);
      if (report.since().equals(now)) {
        changed(report);
      }
      measure(report);
      reports.add(report);
      worst = worst.or(report.forTheHost());
    }
    return new HealthReport(worst, false, now, reports);
  }

  private static void changed(CheckReport report) {
    if (report.result().status() == HealthStatus.HEALTHY) {
      log.info("check '{}' is healthy", report.name());
    } else {
      log.warn("check '{}' is {}", report.name(), report.result().status());
    }
  }

  private void measure(CheckReport report) {
    if (meters != null) {
      Timer.builder(PREFIX + "check")
          .description("How long checks took")
          .tag("check", report.name())
          .tag("status", report.result().status().toString())
          .register(meters)
          .record(report.took());
    }
  }

  /** Collects checks and options; for one thread. */
  public static final class Builder {
    private final String service;
    private final Set<String> given = new HashSet<>();
    private final List<WatchedCheck> checks = new ArrayList<>();
    private final Map<String, Supplier<?>> facts = new LinkedHashMap<>();
    private Duration timeout = DEFAULT_TIMEOUT;
    private Duration cacheFor = DEFAULT_CACHE_FOR;
    private Predicate<Request> seesDetails = request -> false;
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanoTime = System::nanoTime;
    private @Nullable MeterRegistry meters;

    private Builder(String service) {
      this.service = service;
    }

    /**
     * The host cannot do its work without this: unhealthy, and the host is not ready.
     *
     * @param name lower-case letters, digits and hyphens: {@code "orders-db"}
     */
    public Builder check(String name, HealthCheck check) {
      return add(name, true, check);
    }

    /** The host does without this: unhealthy, and the host is degraded, but ready. */
    public Builder optionalCheck(String name, HealthCheck check) {
      return add(name, false, check);
    }

    private Builder add(String name, boolean critical, HealthCheck check) {
      Given.once(given, "check '" + name + "'");
      checks.add(new WatchedCheck(name, critical, Objects.requireNonNull(check, "check")));
      return this;
    }

    /**
     * One more member of {@link #details}, whoever asks: {@code "rules"} with how many there are.
     *
     * @param value asked each time, quick, of a type that {@link io.platformkit.core.Json} writes
     */
    public Builder fact(String name, Supplier<?> value) {
      Given.once(given, "fact '" + name + "'");
      facts.put(name, Objects.requireNonNull(value, "value"));
      return this;
    }

    /** How long each check may take. Default: {@link #DEFAULT_TIMEOUT}. */
    public Builder timeout(Duration timeout) {
      Given.once(given, "timeout");
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** How long answers are kept; zero: not at all. Default: {@link #DEFAULT_CACHE_FOR}. */
    public Builder cacheFor(Duration cacheFor) {
      Given.once(given, "cacheFor");
      this.cacheFor = Objects.requireNonNull(cacheFor, "cacheFor");
      return this;
    }

    /** Who is shown the checks, their words included. Default: nobody. */
    public Builder seesDetails(Predicate<Request> seesDetails) {
      Given.once(given, "seesDetails");
      this.seesDetails = Objects.requireNonNull(seesDetails, "seesDetails");
      return this;
    }

    /** Takes {@code platform.core.health.*}. Default: nothing is recorded. */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.meters = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /** What time answers say it is. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    Builder nanoTime(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      return this;
    }

    /**
     * Checks all options; runs no check.
     *
     * @throws IllegalArgumentException with all that is wrong
     */
    public Health build() {
      List<String> faults = new ArrayList<>();
      Bounds.requireName("service", service);
      Given.requireSpan(faults, "timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(1));
      Given.requireSpan(faults, "cacheFor", cacheFor, Duration.ZERO, Duration.ofHours(1));
      Given.require(
          faults,
          "number of checks",
          checks.size(),
          checks.size() <= MAX_CHECKS,
          "at most " + MAX_CHECKS);
      for (WatchedCheck check : checks) {
        boolean right = check.name().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
        Given.require(
            faults,
            "name of a check",
            check.name(),
            right,
            "1 to 63 lower-case letters, digits and hyphens");
      }
      for (String name : facts.keySet()) {
        boolean right = name.matches("[a-z][a-z0-9_]*") && !HealthAnswers.MEMBERS.contains(name);
        Given.require(
            faults,
            "name of a fact",
            name,
            right,
            "lower-case letters, digits and underscores, and none of " + HealthAnswers.MEMBERS);
      }
      Given.refuse(faults);
      return new Health(this);
    }
  }
}
