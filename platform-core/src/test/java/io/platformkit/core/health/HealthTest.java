package io.platformkit.core.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.Json;
import io.platformkit.core.SettableClock;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SettableClock clock = SettableClock.create();
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
  private final AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.healthy());
  private final AtomicInteger asked = new AtomicInteger();

  private Health.Builder builder() {
    return Health.builder("shop").timeout(LONG).clock(clock).nanoTime(nanos::get);
  }

  private CheckResult counted() {
    asked.incrementAndGet();
    return result.get();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    clock.advance(time);
  }

  private static Response get(HttpEndpoint endpoint) throws Exception {
    return endpoint.handle(
        Request.builder("GET", URI.create("http://localhost/api/health")).build());
  }

  @SuppressWarnings("unchecked") // the document is an object
  private static Map<String, Object> json(Response response) throws Exception {
    return Json.standard().decode(response.bytes(), Map.class);
  }

  @Test
  void aHostWithoutChecksIsHealthy() throws Exception {
    Health health = builder().fact("rules", () -> 7).build();
    pass(Duration.ofSeconds(90));
    Response answer = get(health.details());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(json(answer))
        .containsOnly(
            entry("status", "healthy"),
            entry("service", "shop"),
            entry("timestamp", clock.instant().toString()),
            entry("uptime_seconds", 90),
            entry("draining", false),
            entry("rules", 7));
  }

  @Test
  void aCriticalCheckDecidesWhetherTheHostIsReady() throws Exception {
    Health health = builder().cacheFor(Duration.ZERO).check("db", this::counted).build();

    assertThat(get(health.readiness()).status()).isEqualTo(200);
    result.set(CheckResult.unhealthy("gone"));
    assertThat(get(health.readiness()).status()).isEqualTo(503);
    assertThat(json(get(health.readiness()))).containsOnly(entry("status", "unhealthy"));
    result.set(CheckResult.degraded("slow"));
    assertThat(get(health.readiness()).status()).isEqualTo(200);
    assertThat(json(get(health.readiness()))).containsOnly(entry("status", "degraded"));
    result.set(CheckResult.healthy());
    assertThat(json(get(health.readiness()))).containsOnly(entry("status", "healthy"));
  }

  @Test
  void anOptionalCheckOnlyDegradesTheHost() throws Exception {
    result.set(CheckResult.unhealthy("gone"));
    Health health = builder().optionalCheck("cache", this::counted).build();

    assertThat(get(health.readiness()).status()).isEqualTo(200);
    assertThat(health.report().status()).isEqualTo(HealthStatus.DEGRADED);
  }

  @Test
  void livenessAsksNoCheck() throws Exception {
    result.set(CheckResult.unhealthy("gone"));
    Health health = builder().check("db", this::counted).build();
    health.drain();

    assertThat(get(health.liveness()).status()).isEqualTo(200);
    assertThat(asked).hasValue(0);
  }

  @Test
  void aHostThatDrainsIsNotReadyAtOnce() throws Exception {
    Health health = builder().check("db", this::counted).build();
    assertThat(get(health.readiness()).status()).isEqualTo(200);

    health.drain();

    assertThat(get(health.readiness()).status()).isEqualTo(503);
    assertThat(json(get(health.details())))
        .contains(entry("status", "unhealthy"), entry("draining", true));
  }

  @Test
  void anAnswerIsKeptForAWhile() throws Exception {
    Health health = builder().cacheFor(Duration.ofSeconds(1)).check("db", this::counted).build();
    health.report();
    pass(Duration.ofMillis(999));
    health.report();
    assertThat(asked).hasValue(1);

    pass(Duration.ofMillis(1));
    health.report();
    assertThat(asked).hasValue(2);
  }

  @Test
  void manyProbesAtOnceAskOnce() throws Exception {
    int probes = 200;
    Health health = builder().check("db", this::counted).build();
    CyclicBarrier together = new CyclicBarrier(probes);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < probes; i++) {
        var unused =
            threads.submit(() -> {
              together.await();
              return health.report();
            });
      }
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void checksRunAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    Health.Builder builder = builder();
    for (String name : List.of("a", "b", "c")) {
      builder.check(name, () -> CheckResult.healthy("" + together.await()));
    }
    assertThat(builder.build().report().status()).isEqualTo(HealthStatus.HEALTHY);
  }

  @Test
  void whatACheckThrowsIsItsDetail() throws Exception {
    Health health =
        builder()
            .check(
                "db",
                () -> {
                  throw new IllegalStateException("no route");
                })
            .build();

    assertThat(health.report().checks().getFirst().result())
        .isEqualTo(CheckResult.unhealthy("IllegalStateException: no route"));
  }

  @Test
  void detailsAreForWhoMaySeeThem() throws Exception {
    result.set(CheckResult.degraded("3 of 4 nodes"));
    Health closed = builder().check("db", this::counted).build();
    Health open =
        builder()
            .check("db", this::counted)
            .seesDetails(request -> request.header("X-Role").isPresent())
            .build();
    Request trusted =
        Request.builder("GET", URI.create("http://localhost/api/health"))
            .header("X-Role", "operator")
            .build();

    assertThat(json(get(closed.details()))).doesNotContainKey("checks");
    assertThat(json(closed.details().handle(trusted))).doesNotContainKey("checks");
    assertThat(json(get(open.details()))).doesNotContainKey("checks");
    assertThat(new String(open.details().handle(trusted).bytes(), UTF_8))
        .contains(
            "\"name\":\"db\",\"status\":\"degraded\",\"critical\":true,"
                + "\"detail\":\"3 of 4 nodes\",\"latency_ms\":");
  }

  @Test
  void aReportSaysSinceWhenItIsSo() throws Exception {
    Health health = builder().cacheFor(Duration.ZERO).check("db", this::counted).build();
    var start = health.report().checks().getFirst().since();
    pass(Duration.ofSeconds(10));
    assertThat(health.report().checks().getFirst().since()).isEqualTo(start);

    result.set(CheckResult.unhealthy("gone"));
    assertThat(health.report().checks().getFirst().since()).isEqualTo(clock.instant());
  }

  @Test
  void metersTellEachCheck() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Health health =
        builder().cacheFor(Duration.ZERO).check("db", this::counted).meterRegistry(meters).build();
    assertThat(meters.get("platform.core.health.status").gauge().value()).isNaN();

    health.report();
    assertThat(meters.get("platform.core.health.status").gauge().value()).isEqualTo(1);
    result.set(CheckResult.unhealthy("gone"));
    health.report();

    assertThat(meters.get("platform.core.health.status").tag("check", "db").gauge().value())
        .isZero();
    assertThat(meters.get("platform.core.health.check").tag("status", "unhealthy").timer().count())
        .isEqualTo(1);
  }

  @Nested
  class WhenACheckHangs {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();

    private CheckResult hang() {
      asked.incrementAndGet();
      while (true) {
        try {
          release.await();
          return CheckResult.healthy();
        } catch (InterruptedException e) {
          interrupts.incrementAndGet(); // as code does that ignores it
        }
      }
    }

    @Test
    void itIsUnhealthyWhenItsTimeIsOverAndIsNotStartedAgain() throws Exception {
      Health health =
          Health.builder("shop")
              .timeout(Duration.ofMillis(20))
              .cacheFor(Duration.ZERO)
              .check("db", this::hang)
              .optionalCheck("other", CheckResult::healthy)
              .build();

      assertThat(health.report().checks().getFirst().result())
          .isEqualTo(CheckResult.unhealthy("no answer within 20 ms"));
      await().untilAsserted(() -> assertThat(interrupts).hasValue(1));
      assertThat(health.report().checks().getFirst().result().detail())
          .startsWith("the check that began")
          .endsWith("still runs");
      assertThat(asked).hasValue(1);

      release.countDown();
      await()
          .untilAsserted(() ->
              assertThat(health.report().checks().getFirst().result().status())
                  .isEqualTo(HealthStatus.HEALTHY));
    }
  }

  @Nested
  class WhatIsRefused {
    @Test
    void allFaultsTogether() {
      Health.Builder builder =
          Health.builder("shop")
              .timeout(Duration.ZERO)
              .cacheFor(Duration.ofDays(1))
              .check("My DB", CheckResult::healthy)
              .fact("status", () -> 1);

      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessageContainingAll(
              "timeout was 'PT0S'",
              "cacheFor was 'PT24H'",
              "name of a check was 'My DB'",
              "name of a fact was 'status'");
    }

    @Test
    void tooManyChecks() {
      Health.Builder builder = Health.builder("shop");
      for (int i = 0; i < 101; i++) {
        builder.check("c" + i, CheckResult::healthy);
      }
      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessage("number of checks was '101' but it must be at most 100");
    }

    @Test
    void twoChecksOfOneName() {
      assertThatIllegalStateException()
          .isThrownBy(() ->
              Health.builder("shop")
                  .check("db", CheckResult::healthy)
                  .optionalCheck("db", CheckResult::healthy))
          .withMessage("check 'db' was already set");
    }
  }

  @Test
  void aDetailIsShortened() {
    assertThat(CheckResult.unhealthy("x".repeat(1000)).detail()).hasSize(301);
  }

  @Test
  void whoAsksMayBeInterrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Health health =
        builder()
            .check(
                "db",
                () -> {
                  never.await();
                  return CheckResult.healthy();
                })
            .build();
    List<Throwable> thrown = new ArrayList<>();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                health.report();
              } catch (InterruptedException e) {
                thrown.add(e);
              }
            });
    asking.interrupt();
    asking.join();
    never.countDown();

    assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
  }
}
