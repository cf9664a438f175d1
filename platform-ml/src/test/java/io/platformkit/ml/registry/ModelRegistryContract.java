package io.platformkit.ml.registry;

import static io.platformkit.ml.registry.Stage.CANARY;
import static io.platformkit.ml.registry.Stage.FAILED;
import static io.platformkit.ml.registry.Stage.PRODUCTION;
import static io.platformkit.ml.registry.Stage.RETIRED;
import static io.platformkit.ml.registry.Stage.SHADOW;
import static io.platformkit.ml.registry.Stage.STAGED;
import static io.platformkit.ml.registry.Stage.TRAINING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.PortContract;
import io.platformkit.core.SettableClock;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a registry does on every store and log. */
abstract class ModelRegistryContract extends PortContract {
  private static final byte[] ONNX = "the bytes of a model".getBytes(UTF_8);

  private final SettableClock clock = SettableClock.create();

  /** Two nodes. */
  private List<ModelRegistry> registries = List.of();

  private ModelRegistry registry = ModelRegistry.inMemory();

  /** The store of a node. */
  abstract KeyValueStore openStore(KeyValueOptions options);

  /** The log of a node. */
  abstract EventLog openLog(EventLogOptions options);

  @Override
  protected final String port() {
    return "ModelRegistry";
  }

  @BeforeEach
  void openTwo() {
    clock.set(SettableClock.START);
    registries = List.of(open(), open());
    registry = registries.getFirst();
  }

  private ModelRegistry open() {
    KeyValueStore store = openStore(KeyValueOptions.of(namespace()).scanned());
    EventLog log = openLog(EventLogOptions.of(namespace()));
    return closing(ModelRegistry.builder(store, log).clock(clock).build());
  }

  private ModelRegistry other() {
    return registries.getLast();
  }

  private void register(String... versions) {
    for (String version : versions) {
      registry.register(NewVersion.builder("m", version).build(), ONNX);
    }
  }

  private Instant later() {
    clock.advance(Duration.ofSeconds(10));
    return clock.instant();
  }

  private Map<String, Stage> stages() {
    return Histories.stages(registry.versions("m"));
  }

  @Test
  void everythingThatIsSaidOfAVersionComesBack() {
    NewVersion said =
        NewVersion.builder("churn", "v1.0+b7")
            .algorithm("gbdt")
            .metrics(Map.of("auc", 0.91, "log-loss", 1e-300))
            .hyperparameters(Map.of("depth", "6", "note", ""))
            .dataset("clicks@2026-01-01")
            .run("run-17")
            .parent("v0")
            .tags(Map.of("team", "risk", "é", "😀"))
            .note(Note.by("ann").because("nightly"))
            .build();
    ModelVersion registered = registry.register(said, ONNX);
    assertThat(other().version("churn", "v1.0+b7")).contains(registered);
    assertThat(registered.stage()).isEqualTo(STAGED);
    assertThat(registered.algorithm()).contains("gbdt");
    assertThat(registered.createdAt()).isEqualTo(clock.instant());
    assertThat(registered.deployedAt()).isEmpty();
    assertThat(registered.retiredAt()).isEmpty();
    assertThat(registered.metrics())
        .containsExactly(Map.entry("auc", 0.91), Map.entry("log-loss", 1e-300));
    assertThat(registered.hyperparameters()).containsEntry("depth", "6").containsEntry("note", "");
    assertThat(registered.lineage())
        .isEqualTo(
            new Lineage(
                Optional.of("clicks@2026-01-01"), Optional.of("run-17"), Optional.of("v0")));
    assertThat(registered.tags()).containsEntry("team", "risk").containsEntry("é", "😀");
    assertThat(registered.artifact().orElseThrow().sha256()).isEqualTo(Sha256.of(ONNX));
    assertThat(registered.artifact().orElseThrow().bytes()).isEqualTo(ONNX.length);
    assertThat(other().artifact("churn", "v1.0+b7")).isEqualTo(ONNX);
    assertThat(other().history("churn"))
        .extracting(Transition::note)
        .containsOnly(new Note(Optional.of("ann"), Optional.of("nightly")));
  }

  @Test
  void aVersionInTrainingGetsItsArtifactOnce() {
    registry.register(NewVersion.builder("m", "v1").build());
    assertRefused(NoSuchElementException.class, () -> registry.artifact("m", "v1"), "no artifact");
    ModelVersion attached = registry.attach("m", "v1", ONNX);
    assertThat(attached.stage()).isEqualTo(TRAINING);
    assertThat(other().attach("m", "v1", ONNX)).isEqualTo(attached);
    assertRefused(
        IllegalStateException.class,
        () -> other().attach("m", "v1", new byte[1]),
        "'v1'",
        "'m'",
        "another artifact");
    assertThat(registry.artifact("m", "v1")).isEqualTo(ONNX);
  }

  @Test
  void metricsAndTagsAreAddedReplacedAndRemoved() {
    register("v1");
    registry.putMetrics("m", "v1", Map.of("auc", 0.8, "f1", 0.5));
    other().putMetrics("m", "v1", Map.of("auc", 0.9));
    registry.putTags("m", "v1", Map.of("a", "1", "b", "2"));
    ModelVersion now = other().removeTags("m", "v1", Set.of("a", "x"));
    assertThat(now.metrics()).isEqualTo(Map.of("auc", 0.9, "f1", 0.5));
    assertThat(now.tags()).isEqualTo(Map.of("b", "2"));
    assertThat(registry.version("m", "v1")).contains(now);
  }

  @Test
  void noMetricOfManyWritersIsLost() {
    register("v1");
    race(6, i -> registries.get(i % 2).putMetrics("m", "v1", Map.of("of-" + i, (double) i)));
    assertThat(registry.version("m", "v1").orElseThrow().metrics()).hasSize(6);
  }

  @Test
  void aPromotionRetiresTheOneBeforeInTheSameStep() {
    register("v1", "v2");
    Instant first = later();
    registry.promote("m", "v1");
    Instant second = later();
    Transition made = other().promote("m", "v2", Note.by("ann"));
    assertThat(made.version()).isEqualTo("v2");
    assertThat(made.to()).contains(PRODUCTION);
    assertThat(stages()).isEqualTo(Map.of("v1", RETIRED, "v2", PRODUCTION));
    ModelVersion retired = registry.version("m", "v1").orElseThrow();
    assertThat(retired.deployedAt()).contains(first);
    assertThat(retired.retiredAt()).contains(second);
    assertThat(registry.production("m").orElseThrow().deployedAt()).contains(second);
    List<Transition> history = registry.history("m");
    assertThat(history.getLast()).isEqualTo(made);
    Transition before = history.get(history.size() - 2);
    assertThat(before.version()).isEqualTo("v1");
    assertThat(before.to()).contains(RETIRED);
    assertThat(before.at()).isEqualTo(made.at());
  }

  @Test
  void eachRollbackGoesOneFurtherBack() {
    register("v1", "v2", "v3");
    registry.promote("m", "v1");
    registry.promote("m", "v2");
    registry.promote("m", "v3");
    assertThat(other().rollback("m").version()).isEqualTo("v2");
    assertThat(stages()).isEqualTo(Map.of("v1", RETIRED, "v2", PRODUCTION, "v3", STAGED));
    assertThat(registry.rollback("m").version()).isEqualTo("v1");
    assertThat(stages()).isEqualTo(Map.of("v1", PRODUCTION, "v2", STAGED, "v3", STAGED));
    assertThat(registry.production("m").orElseThrow().retiredAt()).isEmpty();
    assertRefused(
        IllegalStateException.class, () -> registry.rollback("m"), "'m'", "RETIRED", "'v1'");
    registry.transition("m", "v3", FAILED, Note.NONE);
    registry.promote("m", "v2");
    assertThat(registry.rollback("m").version()).isEqualTo("v1");
  }

  @Test
  void aRollbackWorksWithoutAProduction() {
    register("v1", "v2");
    registry.promote("m", "v1");
    registry.promote("m", "v2");
    registry.transition("m", "v2", STAGED);
    assertThat(registry.production("m")).isEmpty();
    assertThat(registry.rollback("m").version()).isEqualTo("v1");
    assertThat(registry.production("m").orElseThrow().version()).isEqualTo("v1");
  }

  @Test
  void versionsAreListedNewestFirstAndByStage() {
    register("v1", "v3", "v2");
    registry.transition("m", "v1", CANARY);
    registry.transition("m", "v3", SHADOW);
    registry.transition("m", "v3", STAGED);
    assertThat(registry.versions("m"))
        .extracting(ModelVersion::version)
        .containsExactly("v2", "v3", "v1");
    assertThat(registry.versions("m", STAGED))
        .extracting(ModelVersion::version)
        .containsExactly("v2", "v3");
    assertThat(registry.latest("m", STAGED).orElseThrow().version()).isEqualTo("v2");
    assertThat(registry.latest("m", CANARY).orElseThrow().version()).isEqualTo("v1");
    assertThat(registry.latest("m", FAILED)).isEmpty();
  }

  @Test
  void modelsAreListedNewestFirst() {
    for (int i = 0; i < 60; i++) {
      registry.register(NewVersion.builder("m" + i, "v1").build());
      later();
    }
    registry.transition("m7", "v1", STAGED);
    registry.promote("m7", "v1");
    assertThat(other().models())
        .extracting(ModelSummary::model)
        .containsExactlyElementsOf(
            IntStream.range(0, 60).map(i -> 59 - i).mapToObj(i -> "m" + i).toList());
    ModelSummary seventh = other().models().get(52);
    assertThat(seventh.production()).contains("v1");
    assertThat(seventh.versions()).isEqualTo(1);
    assertThat(seventh.changedAt()).isEqualTo(clock.instant());
  }

  @Test
  void whatIsNotThereIsEmptyToReadersAndRefusedToWriters() {
    assertThat(registry.version("m", "v")).isEmpty();
    assertThat(registry.production("m")).isEmpty();
    assertThat(registry.versions("m")).isEmpty();
    assertThat(registry.models()).isEmpty();
    assertThat(registry.history("m")).isEmpty();
    assertThat(registry.productionAt("m", clock.instant())).isEmpty();
    register("v1");
    for (String model : List.of("x", "m")) {
      Class<NoSuchElementException> refused = NoSuchElementException.class;
      String[] words = {"'" + model + "'", "'v'"};
      assertRefused(refused, () -> registry.promote(model, "v"), words);
      assertRefused(refused, () -> registry.delete(model, "v"), words);
      assertRefused(refused, () -> registry.attach(model, "v", ONNX), words);
      assertRefused(refused, () -> registry.putTags(model, "v", Map.of()), words);
      assertRefused(refused, () -> registry.artifact(model, "v"), words);
    }
    assertRefused(NoSuchElementException.class, () -> registry.rollback("x"), "'x'");
  }

  @Test
  void aDeletedVersionIsGoneButForItsHistoryAndItsName() {
    register("v1", "v2");
    registry.promote("m", "v1");
    Instant served = clock.instant();
    later();
    registry.promote("m", "v2");
    other().delete("m", "v1", Note.by("ann"));
    assertThat(stages()).isEqualTo(Map.of("v2", PRODUCTION));
    assertThat(registry.productionAt("m", served)).contains("v1");
    assertThat(registry.history("m").getLast().to()).isEmpty();
    assertRefused(IllegalStateException.class, () -> register("v1"), "'v1'", "once");
    assertRefused(IllegalStateException.class, () -> registry.rollback("m"), "no RETIRED version");
  }

  @Test
  void timesNeverDecreaseWhenTheClockJumpsBack() {
    register("v1", "v2");
    registry.promote("m", "v1");
    Instant before = clock.instant();
    clock.set(before.minus(Duration.ofDays(1)));
    registry.promote("m", "v2");
    clock.set(before.plusMillis(5).plusNanos(999_999));
    registry.rollback("m");
    List<Transition> history = registry.history("m");
    assertThat(history).extracting(Transition::at).isSorted();
    assertThat(history.getLast().at()).isEqualTo(before.plusMillis(5));
    assertThat(registry.productionAt("m", before)).contains("v2");
    assertThat(registry.productionAt("m", before.minusMillis(1))).isEmpty();
  }

  @Test
  void whoWatchesIsToldOfEveryTransitionInOrder() {
    List<Transition> told = new CopyOnWriteArrayList<>();
    ModelWatch watch = closing(other().watch("m", told::add));
    register("v1", "v2");
    registry.promote("m", "v1");
    registry.promote("m", "v2");
    registry.rollback("m");
    await().atMost(PATIENCE).until(() -> told.size() >= registry.history("m").size());
    assertThat(told).isEqualTo(registry.history("m"));
    watch.close();
    watch.close();
  }

  @Test
  void twoNodesRaceToPromoteAndOneVersionServesAtAnyTime() {
    String[] versions = IntStream.range(0, 8).mapToObj(i -> "v" + i).toArray(String[]::new);
    register(versions);
    List<Boolean> won = race(8, i -> promoted(registries.get(i % 2), versions[i]));
    assertThat(won).containsOnly(true);
    Histories.assertRight(registry, "m");
    assertThat(registry.versions("m", RETIRED)).hasSize(7);
  }

  @Test
  void ofManyWhoPromoteTheSameVersionOneWins() {
    register("v1");
    List<Boolean> won = race(6, i -> promoted(registries.get(i % 2), "v1"));
    assertThat(won).containsOnlyOnce(true);
    Histories.assertRight(registry, "m");
  }

  private static boolean promoted(ModelRegistry by, String version) {
    try {
      by.promote("m", version);
      return true;
    } catch (IllegalStageException alreadyThere) {
      return false;
    }
  }

  @Test
  void ofManyWhoRegisterTheSameVersionOneWinsWithItsFacts() {
    List<Boolean> won =
        race(
            6,
            i -> {
              try {
                registries
                    .get(i % 2)
                    .register(NewVersion.builder("m", "v").algorithm("by-" + i).build());
                return true;
              } catch (IllegalStateException taken) {
                return false;
              }
            });
    assertThat(won).containsOnlyOnce(true);
    assertThat(registry.version("m", "v").orElseThrow().algorithm())
        .contains("by-" + won.indexOf(true));
    assertThat(registry.history("m")).hasSize(1);
  }

  static LongStream fiveSeeds() {
    return seeds(5);
  }

  @ParameterizedTest
  @MethodSource("fiveSeeds")
  void randomOperationsAgreeWithAModel(long seed) {
    new RandomChanges(seed, registries, clock).run(60);
  }
}
