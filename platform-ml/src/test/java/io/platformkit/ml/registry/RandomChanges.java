package io.platformkit.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Does the same to registries and to a map of stages, chosen by a seed, and compares. */
final class RandomChanges {
  private static final int NAMES = 6;
  private static final List<Stage> STAGES = List.of(Stage.values());

  private final long seed;
  private final Random random;
  private final List<ModelRegistry> registries;
  private final SettableClock clock;
  private final Map<String, Stage> stages = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  /** Retired versions, the last one last. */
  private final List<String> retired = new ArrayList<>();

  /** Which version served from a time on. */
  private final TreeMap<Instant, Optional<String>> served = new TreeMap<>();

  RandomChanges(long seed, List<ModelRegistry> registries, SettableClock clock) {
    this.seed = seed;
    this.random = new Random(seed);
    this.registries = registries;
    this.clock = clock;
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      clock.advance(Duration.ofMillis(random.nextInt(3)));
      ModelRegistry registry = registries.get(random.nextInt(registries.size()));
      String where = "operation %d of seed %d".formatted(i, seed);
      boolean done = succeeds(() -> operate(registry));
      assertThat(done).as(where).isEqualTo(expected);
      served.put(clock.instant(), production());
      assertThat(Histories.stages(registry.versions("m"))).as(where).isEqualTo(stages);
    }
    ModelRegistry reader = registries.getFirst();
    Histories.assertRight(reader, "m");
    Instant end = clock.instant().plusMillis(3);
    for (Instant at = SettableClock.START.minusMillis(2); at.isBefore(end); at = at.plusMillis(1)) {
      Optional<String> right =
          Optional.ofNullable(served.floorEntry(at)).flatMap(Map.Entry::getValue);
      assertThat(reader.productionAt("m", at)).as("%s of seed %d", at, seed).isEqualTo(right);
    }
  }

  private boolean expected;

  private static boolean succeeds(Runnable operation) {
    try {
      operation.run();
      return true;
    } catch (IllegalStateException | NoSuchElementException refused) {
      return false;
    }
  }

  private void operate(ModelRegistry registry) {
    String version = "v" + random.nextInt(NAMES);
    switch (random.nextInt(10)) {
      case 0, 1 -> register(registry, version);
      case 2 -> rollback(registry);
      case 3 -> delete(registry, version);
      case 4, 5 -> move(registry, version, Stage.PRODUCTION);
      default -> move(registry, version, STAGES.get(random.nextInt(STAGES.size())));
    }
  }

  private void register(ModelRegistry registry, String version) {
    expected = used.add(version);
    if (expected) {
      stages.put(version, Stage.TRAINING);
    }
    registry.register(NewVersion.builder("m", version).build());
  }

  private void rollback(ModelRegistry registry) {
    expected = !retired.isEmpty();
    if (expected) {
      production().ifPresent(serving -> stages.put(serving, Stage.STAGED));
      stages.put(retired.removeLast(), Stage.PRODUCTION);
    }
    registry.rollback("m");
  }

  private void delete(ModelRegistry registry, String version) {
    Stage from = stages.get(version);
    expected = from == Stage.FAILED || from == Stage.RETIRED;
    if (expected) {
      stages.remove(version);
      retired.remove(version);
    }
    registry.delete("m", version);
  }

  private void move(ModelRegistry registry, String version, Stage to) {
    Stage from = stages.get(version);
    expected = from != null && from.mayBecome(to) && to != Stage.RETIRED;
    if (expected) {
      if (to == Stage.PRODUCTION) {
        retired.remove(version);
        production()
            .ifPresent(serving -> {
              stages.put(serving, Stage.RETIRED);
              retired.add(serving);
            });
      }
      stages.put(version, to);
    }
    registry.transition("m", version, to);
  }

  private Optional<String> production() {
    return stages.entrySet().stream()
        .filter(entry -> entry.getValue() == Stage.PRODUCTION)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
