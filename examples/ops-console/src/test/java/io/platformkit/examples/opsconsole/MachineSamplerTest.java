package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MachineSamplerTest {
  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final InMemoryMetricStore store = InMemoryMetricStore.builder().clock(clock).build();

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void everyProbeIsReadTwiceASecond() {
    try (var sampler = sampler(new Steady("a"), new Steady("b"))) {
      sampler.start(timers);
      for (long turn = 1; turn <= 4; turn++) {
        tick(sampler, "a", turn);
        await().until(() -> health(sampler, "b").readings() == health(sampler, "a").readings());
      }

      Series series = read("a").getFirst();
      assertThat(series.key().labels()).containsEntry("host", "web-1");
      assertThat(series.size()).isEqualTo(4);
      assertThat(series.timeAt(3) - series.timeAt(0)).isEqualTo(1500);
      assertThat(read("b").getFirst().size()).isEqualTo(4);
    }
  }

  @Test
  void aProbeThatFailsIsCountedAndTriedAgainAndTheOthersGoOn() {
    var broken = new AtomicBoolean(true);
    Probe moody = probe("moody", () -> failIf(broken.get()));
    try (var sampler = sampler(moody, new Steady("steady"))) {
      sampler.start(timers);
      for (long turn = 1; turn <= 2; turn++) {
        long failures = turn;
        tick(sampler, "steady", turn);
        await().until(() -> health(sampler, "moody").failures() == failures);
      }
      assertThat(health(sampler, "moody").status()).isEqualTo("failing");
      assertThat(health(sampler, "steady").isOk()).isTrue();

      broken.set(false);
      tick(sampler, "moody", 1);
      await().until(() -> health(sampler, "moody").isOk());
      assertThat(read("moody").getFirst().size()).isEqualTo(1);
    }
  }

  @Test
  void aProbeThatHangsSkipsItsTurnsAndStopsNothingElse() {
    var release = new CountDownLatch(1);
    Probe hanging = probe("hanging", () -> awaitUninterrupted(release));
    try (var sampler = sampler(hanging, new Steady("steady"))) {
      sampler.start(timers);
      for (long turn = 1; turn <= 12; turn++) {
        tick(sampler, "steady", turn);
      }

      assertThat(health(sampler, "hanging").status()).isEqualTo("stalled");
      assertThat(health(sampler, "hanging").skipped()).isEqualTo(11);
      release.countDown();
      await().until(() -> health(sampler, "hanging").readings() == 1);
    }
  }

  @Test
  void aHoleBetweenReadingsIsAGap() {
    try (var sampler = sampler(new Steady("a"))) {
      sampler.start(timers);
      tick(sampler, "a", 1);
      Instant last = Objects.requireNonNull(health(sampler, "a").lastReading());
      clock.advance(Duration.ofMinutes(1)); // as a suspended machine's does
      tick(sampler, "a", 2);

      Series series = read("a").getFirst();
      assertThat(series.values()).containsExactly(1, Double.NaN, 1);
      assertThat(series.instantAt(1)).isEqualTo(last.plusMillis(500));
    }
  }

  @Test
  void theTimeBetweenTwoConsolesIsAGap() {
    try (var first = sampler(new Steady("a"))) {
      first.start(timers);
      tick(first, "a", 1);
    }
    clock.advance(Duration.ofSeconds(2));
    try (var second = sampler(new Steady("a"))) {
      second.start(timers);
      tick(second, "a", 1);
      tick(second, "a", 2);

      Series series = read("a").getFirst();
      assertThat(series.values()).containsExactly(1, Double.NaN, 1, 1);
      assertThat(series.timeAt(2) - series.timeAt(0)).isEqualTo(2500);
    }
  }

  @Test
  void aClosedSamplerReadsNoMore() {
    var sampler = sampler(new Steady("a"));
    sampler.start(timers);
    tick(sampler, "a", 1);
    sampler.close();
    sampler.close();

    timers.advance(Duration.ofSeconds(5));

    assertThat(health(sampler, "a").readings()).isEqualTo(1);
  }

  @Test
  void thisMachineIsReadByEveryProbe() {
    try (var sampler = MachineSampler.ofThisMachine(store, clock, samples -> {})) {
      sampler.start(timers);
      for (long turn = 1; turn <= 3; turn++) {
        for (String probe : sampler.probes()) {
          long wanted = turn;
          if (probe.equals(sampler.probes().getFirst())) {
            timers.advance(MachineSampler.PERIOD);
          }
          await(probe).until(() -> health(sampler, probe).readings() >= wanted);
        }
      }

      assertThat(sampler.health(clock.instant()).values()).allMatch(ProbeHealth::isOk);
      assertThat(store.metrics())
          .contains("cpu.usage", "memory.used", "memory.total", "swap.used", "jvm.heap.used")
          .contains("jvm.threads", "jvm.gc.time", "network.rx", "network.tx", "disk.used");
      assertThat(store.series("cpu.usage"))
          .extracting(key -> key.labels().get("core"))
          .contains("total", "0");
    }
  }

  private void tick(MachineSampler sampler, String probe, long readings) {
    timers.advance(MachineSampler.PERIOD);
    await(probe).until(() -> health(sampler, probe).readings() >= readings);
  }

  private ProbeHealth health(MachineSampler sampler, String probe) {
    return Objects.requireNonNull(sampler.health(clock.instant()).get(probe));
  }

  private List<Series> read(String metric) {
    Instant now = clock.instant();
    return store.query(
        MetricQuery.builder(metric, now.minusSeconds(3600), now.plusSeconds(1)).build());
  }

  private MachineSampler sampler(Probe... probes) {
    return new MachineSampler("web-1", List.of(probes), store, clock, samples -> {});
  }

  private static void failIf(boolean broken) {
    if (broken) {
      throw new IllegalStateException("the disk is on strike");
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Probe probe(String name, Runnable before) {
    return new Probe() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void read(Readings readings) {
        before.run();
        readings.add(name, 1.0);
      }
    };
  }

  /** Always reads 1. */
  private record Steady(String name) implements Probe {
    @Override
    public void read(Readings readings) {
      readings.add(name, 1.0);
    }
  }
}
