package io.platformkit.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.log.Retention;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRegistryTest {
  private static final byte[] ARTIFACT = {1, 2, 3};

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final KeyValueStore store = InMemoryKeyValueStore.builder().scannable(true).build();
  private final EventLog log = InMemoryEventLog.create();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final ModelRegistry registry = builder(store, log).build();

  private ModelRegistryBuilder builder(KeyValueStore on, EventLog logged) {
    return ModelRegistry.builder(on, logged)
        .clock(clock)
        .timers(timers)
        .errorHandler((where, failure) -> errors.add(where + ": " + failure.getMessage()));
  }

  @AfterEach
  void close() {
    registry.close();
    log.close();
    store.close();
  }

  /** The same log while its server is away. */
  private static EventLog unavailable(EventLog log) {
    return (EventLog)
        Proxy.newProxyInstance(
            EventLog.class.getClassLoader(),
            new Class<?>[] {EventLog.class},
            (self, method, arguments) -> {
              if (method.getName().equals("capabilities")) {
                return log.capabilities();
              }
              throw new UnavailableException("the log is away");
            });
  }

  private void register(String... versions) {
    for (String version : versions) {
      registry.register(NewVersion.builder("m", version).build(), ARTIFACT);
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "-v", "a/b", "a b", "a\0", "é", "a\nb", "a:b"})
  void aBadNameIsRefusedEverywhere(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewVersion.builder(name, "v"))
        .withMessageContainingAll("model was '", "letters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewVersion.builder("m", name))
        .withMessageContainingAll("version was '", "letters");
    assertThatIllegalArgumentException().isThrownBy(() -> registry.version(name, "v"));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.version("m", name));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.promote(name, "v"));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.promote("m", name));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.rollback(name));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.delete("m", name));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.history(name));
    assertThatIllegalArgumentException().isThrownBy(() -> registry.watch(name, told -> {}));
  }

  @Test
  void namesOf128CharactersWorkAndLongerOnesDoNot() {
    String longest = "x".repeat(128);
    registry.register(NewVersion.builder(longest, longest).build(), ARTIFACT);
    assertThat(registry.artifact(longest, longest)).isEqualTo(ARTIFACT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewVersion.builder("m", longest + "x"))
        .withMessageContaining("1 to 128");
  }

  @Test
  void factsThatAreWrongOrTooMuchAreRefused() {
    NewVersion.Builder facts = NewVersion.builder("m", "v");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> facts.metrics(Map.of("auc", Double.NaN)))
        .withMessage("metric 'auc' was 'NaN' but it must be finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewVersion.builder("m", "v").tags(Map.of("a", "x".repeat(513))))
        .withMessageContainingAll("tag 'a'", "512");
    Map<String, String> many =
        IntStream.range(0, 201).boxed().collect(Collectors.toMap(i -> "t" + i, i -> ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewVersion.builder("m", "v").tags(many))
        .withMessageContainingAll("number of tag", "200");
    assertThatIllegalStateException()
        .isThrownBy(() -> NewVersion.builder("m", "v").run("a").run("b"))
        .withMessage("run was already set");
    Map<String, Double> codes =
        IntStream.range(0, Feature.MOST_CODES)
            .boxed()
            .collect(Collectors.toMap(i -> "word-" + i, i -> (double) i));
    NewVersion large =
        NewVersion.builder("m", "v")
            .schema(
                ModelSchema.regressor(
                    "y",
                    Feature.category("a", codes),
                    Feature.category("b", codes),
                    Feature.category("c", codes)))
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry.register(large))
        .withMessageContaining("bytes");
    assertThat(registry.models()).isEmpty();
  }

  @Test
  void aSchemaIsKept() {
    ModelSchema schema = ModelSchema.classifier("p", Feature.number("age").from(0).otherwise(35));
    registry.register(NewVersion.builder("m", "v").schema(schema).build());
    assertThat(registry.version("m", "v").orElseThrow().schema()).contains(schema);
  }

  @Test
  void anArtifactThatWasChangedIsNotLoaded(@TempDir Path directory) throws Exception {
    try (ModelRegistry files =
        builder(store, log).artifacts(DirectoryArtifacts.in(directory)).build()) {
      files.register(NewVersion.builder("m", "v").build(), ARTIFACT);
      Artifact artifact = files.version("m", "v").orElseThrow().artifact().orElseThrow();
      byte[] other = {1, 2, 4};
      Files.write(directory.resolve(artifact.location()), other);
      assertThatExceptionOfType(ArtifactMismatchException.class)
          .isThrownBy(() -> files.artifact("m", "v"))
          .withMessageContainingAll("'m'", "'v'", artifact.sha256(), Sha256.of(other))
          .satisfies(mismatch -> {
            assertThat(mismatch.model()).isEqualTo("m");
            assertThat(mismatch.version()).isEqualTo("v");
            assertThat(mismatch.expected()).isEqualTo(artifact.sha256());
            assertThat(mismatch.found()).isEqualTo(Sha256.of(other));
          });
      Files.delete(directory.resolve(artifact.location()));
      assertThatExceptionOfType(RegistryException.class)
          .isThrownBy(() -> files.artifact("m", "v"))
          .withMessageContainingAll("'m'", "'v'", artifact.location());
    }
  }

  @Test
  void changesGoOnForAWhileWithoutTheLogAndAreToldLater() {
    register("v");
    try (ModelRegistry without = builder(store, unavailable(log)).build()) {
      int made = 0;
      try {
        for (; ; made++) {
          without.transition("m", "v", made % 2 == 0 ? Stage.SHADOW : Stage.STAGED);
        }
      } catch (UnavailableException full) {
        assertThat(full).hasMessageContainingAll("64 transitions", "'m'", "event log");
      }
      assertThat(made).isEqualTo(ModelDocument.MAX_PENDING);
      assertThat(without.version("m", "v").orElseThrow().stage()).isEqualTo(Stage.STAGED);
      assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> without.history("m"));
    }
    assertThat(Histories.assertRight(registry, "m")).hasSize(2 + ModelDocument.MAX_PENDING);
  }

  @Test
  void aChangeIsMadeThoughTheLogIsClosed() {
    register("v");
    EventLog closed = InMemoryEventLog.create();
    try (ModelRegistry without = builder(store, closed).build()) {
      closed.close();
      without.promote("m", "v");
      ModelVersion added = without.register(NewVersion.builder("m", "w").build());
      assertThat(registry.version("m", "w")).contains(added);
    }
    assertThat(registry.production("m").orElseThrow().version()).isEqualTo("v");
    assertThat(Histories.assertRight(registry, "m")).hasSize(4);
  }

  @Test
  void aModelHasSoManyVersionsAndRoomAgainAfterADelete() {
    for (int i = 0; i < ModelRegistry.MAX_VERSIONS; i++) {
      registry.register(NewVersion.builder("m", "v" + i).build());
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.register(NewVersion.builder("m", "more").build()))
        .withMessageContainingAll("'m'", "1000", "delete");
    registry.transition("m", "v7", Stage.FAILED);
    registry.delete("m", "v7");
    registry.register(NewVersion.builder("m", "more").build());
    assertThat(registry.versions("m")).hasSize(ModelRegistry.MAX_VERSIONS);
  }

  @Test
  void theLargestDocumentFitsIntoAValue() {
    String text = "\u0001".repeat(512);
    String token = log.head("any").token();
    ModelDocument document =
        ModelDocument.empty(
            "m".repeat(128), new HistoryEnd(0, clock.instant(), token), clock.instant());
    for (int i = 0; i < ModelDocument.MAX_VERSIONS; i++) {
      document =
          document
              .registered("%0128d".formatted(i), "f".repeat(36), clock.instant(), Note.NONE)
              .settled(new HistoryEnd(i + 1, clock.instant(), token));
    }
    for (int i = 0; i < ModelDocument.MAX_PENDING; i++) {
      document =
          document.moved(
              "%0128d".formatted(i), Stage.STAGED, clock.instant(), Note.by(text).because(text));
    }
    assertThat(Json.standard().encode(document)).hasSizeLessThan(1 << 20);
  }

  @Test
  void whatMakesNoSenseInTheStoreIsNamed() {
    register("v");
    store.put("model/m", "{\"model\":7".getBytes(UTF_8), Ttl.NEVER);
    assertThatExceptionOfType(RegistryException.class)
        .isThrownBy(() -> registry.versions("m"))
        .withMessageContainingAll("document of model 'm'", "makes no sense")
        .satisfies(failure -> assertThat(failure.model()).isEqualTo("m"));
  }

  @Test
  void factsThatAreMissingAreNamed() {
    register("v");
    store.scan("facts/", null, 10).entries().keySet().forEach(store::delete);
    assertThatExceptionOfType(RegistryException.class)
        .isThrownBy(() -> registry.version("m", "v"))
        .withMessageContainingAll("'m'", "missing");
  }

  @Test
  void whatTheLogLostLeavesAHoleAndWhoServedInItIsNotGuessed() {
    register("v1", "v2");
    registry.promote("m", "v1");
    Instant first = clock.instant();
    clock.advance(Duration.ofSeconds(1));
    registry.promote("m", "v2");
    log.trim(History.stream("m"), Retention.newest(0));
    log.delete(History.stream("m"));
    clock.advance(Duration.ofSeconds(1));
    registry.transition("m", "v2", Stage.STAGED);
    clock.advance(Duration.ofSeconds(1));
    registry.promote("m", "v1");
    assertThat(registry.history("m")).extracting(Transition::sequence).containsExactly(8L, 9L);
    assertThat(registry.productionAt("m", clock.instant())).contains("v1");
    assertThat(registry.productionAt("m", clock.instant().minusMillis(1))).isEmpty();
    assertThatExceptionOfType(RegistryException.class)
        .isThrownBy(() -> registry.productionAt("m", first))
        .withMessageContainingAll("'m'", first.toString(), "lost");
  }

  @Test
  void aStoreThatWasSetBackGoesOnBehindItsHistory() {
    register("v1", "v2");
    byte[] before = store.get("model/m").orElseThrow().value();
    registry.promote("m", "v1");
    clock.advance(Duration.ofHours(1));
    registry.promote("m", "v2");
    store.put("model/m", before, Ttl.NEVER);
    clock.set(SettableClock.START.plusSeconds(90));
    registry.transition("m", "v2", Stage.CANARY);
    registry.promote("m", "v2");
    assertThat(registry.history("m"))
        .extracting(Transition::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(registry.history("m")).extracting(Transition::at).isSorted();
    assertThat(registry.history("m").getLast().from()).contains(Stage.CANARY);
  }

  @Test
  void aStoreThatLostAModelGoesOnBehindItsHistory() {
    register("v1");
    store.delete("model/m");
    register("v2");
    assertThat(registry.history("m"))
        .extracting(Transition::sequence)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aListenerThatFailsIsToldOfTheNextTransition() {
    List<Transition> told = new CopyOnWriteArrayList<>();
    registry.watch(
        "m",
        next -> {
          told.add(next);
          throw new IllegalArgumentException("listener broke");
        });
    register("v1");
    await().until(() -> told.size() == 2 && errors.size() == 2);
    assertThat(errors).containsOnly("watch of model 'm': listener broke");
  }

  @Test
  void aWatchBringsOnWhatADeadProcessLeft() {
    register("v1");
    List<Transition> told = new CopyOnWriteArrayList<>();
    registry.watch("m", told::add);
    try (ModelRegistry dying = builder(store, unavailable(log)).build()) {
      dying.promote("m", "v1");
    }
    assertThat(told).isEmpty();
    timers.advance(Duration.ofSeconds(5));
    await().until(() -> !told.isEmpty());
    assertThat(told).singleElement().matches(Transition::starts);
  }

  @Test
  void aWatchTellsEverythingAgainAfterTheLogWasSetBack() {
    register("v1");
    List<Transition> told = new CopyOnWriteArrayList<>();
    registry.watch("m", told::add);
    registry.promote("m", "v1");
    await().until(() -> told.size() == 1);
    log.delete(History.stream("m"));
    registry.transition("m", "v1", Stage.STAGED);
    await().until(() -> told.size() == 2);
  }

  @Test
  void aClosedRegistryWatchesNoMore() {
    List<Transition> told = new ArrayList<>();
    registry.watch("m", told::add);
    registry.close();
    assertThat(timers.pending()).isZero();
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.watch("m", told::add))
        .withMessageContaining("closed");
  }

  @Test
  void everyWrongOptionIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ModelRegistry.builder(InMemoryKeyValueStore.create(), InMemoryEventLog.create())
                .build())
        .withMessageContainingAll("store", "scannable");
    assertThatIllegalStateException()
        .isThrownBy(() -> ModelRegistry.builder(store, log).clock(clock).clock(clock))
        .withMessage("clock was already set");
  }
}
