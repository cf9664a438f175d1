package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionRequest;
import io.platformkit.ml.serving.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelProbeTest {
  private static final Map<String, Object> CUSTOMER =
      Map.of("tenure_months", 3, "monthly_fee", 40, "autopay", true);

  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final ModelRegistry registry = ModelRegistry.inMemory();
  private final ModelServer server =
      ModelServer.builder(registry, LinearModel::load).timers(timers).build();
  private final ModelProbe probe = new ModelProbe(server, timers::nanoTime);

  @BeforeEach
  void startServer() {
    DemoModels.registerIn(registry);
    server.start();
  }

  @AfterEach
  void closeServer() {
    server.close();
    registry.close();
  }

  @Test
  void aVersionThatNobodyAskedHasNoSeries() {
    assertThat(read()).isEmpty();
  }

  @Test
  void requestsAreCountedASecondAndBatchesByTheirRows() {
    ask();
    read();
    ask();
    ask();

    timers.advance(Duration.ofMillis(500));

    assertThat(read())
        .containsEntry("model.requests churn v2", 4.0)
        .containsEntry("model.errors churn v2", 0.0)
        .containsEntry("model.batch.rows churn v2", 1.0)
        .containsEntry("model.cache.hits churn v2", 0.0)
        .containsKeys("model.latency.p50 churn v2", "model.latency.p99 churn v2")
        .hasSize(6);
  }

  @Test
  void whereNothingWasComputedThereIsOneGap() {
    ask();
    read();
    ask();
    timers.advance(Duration.ofMillis(500));
    assertThat(read()).containsEntry("model.batch.rows churn v2", 1.0);

    timers.advance(Duration.ofMillis(500));
    assertThat(read())
        .containsEntry("model.requests churn v2", 0.0)
        .containsEntry("model.batch.rows churn v2", Double.NaN);
    timers.advance(Duration.ofMillis(500));
    assertThat(read()).doesNotContainKey("model.batch.rows churn v2");
  }

  @Test
  void aVersionThatIsAskedNoMoreEndsWithAGap() {
    ask();
    read();
    timers.advance(Duration.ofSeconds(1));
    read();

    timers.advance(Duration.ofMinutes(2));

    assertThat(read())
        .containsEntry("model.requests churn v2", Double.NaN)
        .containsEntry("model.latency.p99 churn v2", Double.NaN)
        .allSatisfy((series, value) -> assertThat(value).as(series).isNaN());
    assertThat(read()).isEmpty();
  }

  private void ask() {
    assertThat(server.predict(PredictionRequest.of("churn", CUSTOMER)))
        .isInstanceOf(Served.Done.class);
  }

  /** What the probe reads now, by metric, model and version. */
  private Map<String, Double> read() {
    Readings readings = new Readings("host", Instant.EPOCH);
    probe.read(readings);
    Map<String, Double> values = new TreeMap<>();
    for (Sample sample : readings.samples()) {
      Map<String, String> labels = sample.series().labels();
      String name =
          String.join(" ", sample.series().metric(), labels.get("model"), labels.get("version"));
      values.put(name, sample.value());
    }
    return values;
  }
}
