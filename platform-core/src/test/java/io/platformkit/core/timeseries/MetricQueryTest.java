package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricQueryTest {
  private static final Instant FROM = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant TO = FROM.plus(Duration.ofHours(1));

  private static MetricQuery.Builder query() {
    return MetricQuery.builder("cpu", FROM, TO);
  }

  @Test
  void byDefaultItAsksForSamplesOfAllSeries() {
    MetricQuery query = query().build();

    assertThat(query.labels()).isEmpty();
    assertThat(query.step()).isEmpty();
    assertThat(query.maxPoints()).isEqualTo(1_920);
    assertThat(query.matches(SeriesKey.of("cpu"))).isTrue();
    assertThat(query.matches(SeriesKey.of("cpu", "host", "a"))).isTrue();
    assertThat(query.matches(SeriesKey.of("memory"))).isFalse();
  }

  @Test
  void aSeriesMatchesIfAllLabelsDo() {
    MetricQuery query = query().label("host", List.of("a", "b")).label("zone", "north").build();

    assertThat(query.matches(new SeriesKey("cpu", Map.of("host", "a", "zone", "north")))).isTrue();
    assertThat(query.matches(new SeriesKey("cpu", Map.of("host", "b", "zone", "north", "x", ""))))
        .isTrue();
    assertThat(query.matches(new SeriesKey("cpu", Map.of("host", "c", "zone", "north")))).isFalse();
    assertThat(query.matches(new SeriesKey("cpu", Map.of("host", "a", "zone", "south")))).isFalse();
    assertThat(query.matches(SeriesKey.of("cpu", "host", "a"))).isFalse();
  }

  @Test
  void equalQuestionsAreEqual() {
    Set<String> hosts = new HashSet<>(Set.of("b", "a"));
    MetricQuery one =
        query().label("host", hosts).label("zone", "").step(TO_STEP, Aggregation.P95).build();
    MetricQuery other =
        query()
            .label("zone", "")
            .label("host", List.of("a", "b", "a"))
            .step(TO_STEP, Aggregation.P95)
            .build();

    hosts.add("c");

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).hasToString(other.toString());
  }

  private static final Duration TO_STEP = Duration.ofMinutes(5);

  @Test
  void theRangeIsCutOffToTheMillisecond() {
    MetricQuery query =
        MetricQuery.builder("cpu", FROM.plusNanos(999_999), TO.plusNanos(1_000_001)).build();

    assertThat(query.from()).isEqualTo(FROM);
    assertThat(query.to()).isEqualTo(TO.plusMillis(1));
  }

  @Test
  void theRangeIsCutOffDownwardsBeforeTheEpoch() {
    MetricQuery query =
        MetricQuery.builder("cpu", Instant.ofEpochSecond(-5, 1), Instant.ofEpochSecond(0)).build();

    assertThat(query.from()).isEqualTo(Instant.ofEpochSecond(-5));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 999_999})
  void theRangeIsNotEmpty(long nanos) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetricQuery.builder("cpu", FROM, FROM.plusNanos(nanos)).build())
        .withMessageStartingWith("to was '")
        .withMessageEndingWith("' but it must be after from, '2026-01-01T12:00:00Z'");
  }

  @Test
  void timesThatMillisecondsCannotHoldAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetricQuery.builder("cpu", Instant.MIN, TO).build())
        .withMessageStartingWith(
            "from was '-1000000000-01-01T00:00:00Z' but it must be from -2718");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetricQuery.builder("cpu", FROM, Instant.MAX).build())
        .withMessageStartingWith("to was '+1000000000-12-31T23:59:59.999999999Z' but it must be");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sample(SeriesKey.of("cpu"), Instant.MAX, 1))
        .withMessageStartingWith("at was '+1000000000-12-31T23:59:59.999999999Z' but it must be");
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "PT-1S", "PT0.0000001S", "PT1.0000001S", "P106751991167D"})
  void stepsAreWholeMilliseconds(Duration step) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query().step(step, Aggregation.AVG).build())
        .withMessageStartingWith(
            "step was '%s' but it must be a whole number of milliseconds, from 1 ms to "
                .formatted(step));
  }

  @Test
  void endlessStepsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query().step(ChronoUnit.FOREVER.getDuration(), Aggregation.AVG).build())
        .withMessageStartingWith("step was '");
  }

  @Test
  void stepsAreNotTooMany() {
    Instant to = FROM.plus(Duration.ofDays(365));

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            MetricQuery.builder("cpu", FROM, to)
                .step(Duration.ofSeconds(1), Aggregation.AVG)
                .build())
        .withMessage("step was 'PT1S' but it must cut the range into at most 10000000 steps");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -1, 1_000_001})
  void theBudgetIsBounded(int maxPoints) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query().maxPoints(maxPoints).build())
        .withMessage("maxPoints was '%d' but it must be from 2 to 1000000".formatted(maxPoints));
  }

  @Test
  void aMetricHasAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetricQuery.builder(" ", FROM, TO).build())
        .withMessage("metric was ' ' but must not be blank");
  }

  @Test
  void aLabelHasAValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query().label("host", List.of()).build())
        .withMessage("label 'host' had no values but it must have at least 1");
  }

  @Test
  void nothingIsSetTwice() {
    assertThatIllegalStateException()
        .isThrownBy(() -> query().label("host", "a").label("host", "b"))
        .withMessage("label 'host' was already set");
    assertThatIllegalStateException()
        .isThrownBy(() -> query().step(TO_STEP, Aggregation.AVG).step(TO_STEP, Aggregation.MAX))
        .withMessage("step was already set to PT5M");
  }
}
