package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.Stage;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionCache;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoTrafficTest {
  private static final long SEED = 7;

  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final ModelRegistry registry = ModelRegistry.inMemory();
  private final PredictionCache cache = PredictionCache.builder().timers(timers).build();
  private final ModelServer server =
      ModelServer.builder(registry, LinearModel::load).cache(cache).timers(timers).build();
  private final DemoTraffic traffic =
      new DemoTraffic(server, DemoModels.ALL, new SplittableRandom(SEED));

  @BeforeEach
  void startServer() {
    DemoModels.registerIn(registry);
    server.start();
  }

  @AfterEach
  void closeAll() {
    traffic.close();
    server.close();
    cache.close();
    registry.close();
  }

  @Test
  void everyModelTakesWhatItIsAskedSomeOfItTogetherAndSomeOfItAgain() {
    for (int i = 0; i < 100; i++) {
      traffic.ask();
    }

    assertThat(server.statistics().errors()).isZero();
    assertThat(server.statistics().loaded())
        .hasSameSizeAs(DemoModels.ALL)
        .allSatisfy(version -> {
          assertThat(version.cached()).isPositive();
          assertThat(version.batches().orElseThrow().meanRows()).isGreaterThan(1);
        });
  }

  @Test
  void aModelThatNobodyServesIsAskedInVainAndTheOthersAreAnswered() {
    registry.transition("churn", "v2", Stage.STAGED);
    await().until(() -> server.models().stream().anyMatch(model -> model.version().isEmpty()));

    traffic.ask();

    assertThat(server.statistics().errors()).isPositive();
    assertThat(server.statistics().requests()).isGreaterThan(server.statistics().errors());
  }

  @Test
  void onceClosedItAsksNoMore() {
    traffic.ask();
    long before = server.statistics().requests();
    traffic.close();
    traffic.close();

    traffic.ask();

    assertThat(server.statistics().requests()).isEqualTo(before);
  }
}
