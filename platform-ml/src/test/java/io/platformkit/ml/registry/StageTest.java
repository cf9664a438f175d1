package io.platformkit.ml.registry;

import static io.platformkit.ml.registry.Stage.CANARY;
import static io.platformkit.ml.registry.Stage.FAILED;
import static io.platformkit.ml.registry.Stage.PRODUCTION;
import static io.platformkit.ml.registry.Stage.RETIRED;
import static io.platformkit.ml.registry.Stage.SHADOW;
import static io.platformkit.ml.registry.Stage.STAGED;
import static io.platformkit.ml.registry.Stage.TRAINING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StageTest {
  private static final Map<Stage, Set<Stage>> TABLE =
      Map.of(
          TRAINING, Set.of(STAGED, FAILED),
          STAGED, Set.of(SHADOW, CANARY, PRODUCTION, FAILED),
          SHADOW, Set.of(CANARY, STAGED, FAILED),
          CANARY, Set.of(PRODUCTION, STAGED, FAILED),
          PRODUCTION, Set.of(RETIRED, STAGED),
          RETIRED, Set.of(PRODUCTION),
          FAILED, Set.of());

  /** How a version comes to a stage. */
  private static final Map<Stage, List<Stage>> WAYS =
      Map.of(
          TRAINING, List.of(),
          STAGED, List.of(STAGED),
          SHADOW, List.of(STAGED, SHADOW),
          CANARY, List.of(STAGED, CANARY),
          PRODUCTION, List.of(STAGED, PRODUCTION),
          RETIRED, List.of(STAGED, PRODUCTION, RETIRED),
          FAILED, List.of(FAILED));

  private final ModelRegistry registry = ModelRegistry.inMemory();

  @AfterEach
  void close() {
    registry.close();
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Stage.values())
        .flatMap(from -> Stream.of(Stage.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aVersionGoesWhereTheTableSaysAndNowhereElse(Stage from, Stage to) {
    bring("v", from);
    List<Transition> before = registry.history("m");
    boolean legal = TABLE.getOrDefault(from, Set.of()).contains(to);
    assertThat(from.mayBecome(to)).isEqualTo(legal);
    if (legal && to != RETIRED) {
      Transition made = registry.transition("m", "v", to);
      assertThat(made.from()).contains(from);
      assertThat(made.to()).contains(to);
      assertThat(stage("v")).isEqualTo(to);
    } else {
      assertThatExceptionOfType(IllegalStageException.class)
          .isThrownBy(() -> registry.transition("m", "v", to))
          .withMessageContainingAll("'v'", "'m'", "is " + from, "become " + to)
          .satisfies(refusal -> {
            assertThat(refusal.model()).isEqualTo("m");
            assertThat(refusal.version()).isEqualTo("v");
            assertThat(refusal.from()).isEqualTo(from);
            assertThat(refusal.to()).contains(to);
          });
      assertThat(stage("v")).isEqualTo(from);
      assertThat(registry.history("m")).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVersionIsDeletedOnlyWhenItFailedOrIsRetired(Stage from) {
    bring("v", from);
    if (from == FAILED || from == RETIRED) {
      Transition made = registry.delete("m", "v", Note.by("ann"));
      assertThat(made.from()).contains(from);
      assertThat(made.to()).isEmpty();
      assertThat(registry.version("m", "v")).isEmpty();
    } else {
      assertThatExceptionOfType(IllegalStageException.class)
          .isThrownBy(() -> registry.delete("m", "v"))
          .withMessageContainingAll("'v'", "'m'", "is " + from, "deleted", "FAILED or RETIRED")
          .satisfies(refusal -> assertThat(refusal.to()).isEqualTo(Optional.empty()));
      assertThat(stage("v")).isEqualTo(from);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVersionIsRegisteredOnce(Stage from) {
    bring("v", from);
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.register(NewVersion.builder("m", "v").build()))
        .withMessageContainingAll("'m'", "'v'", "already");
    assertThat(stage("v")).isEqualTo(from);
  }

  @Test
  void aVersionBeginsInTraining() {
    registry.register(NewVersion.builder("m", "v").build());
    assertThat(registry.history("m"))
        .singleElement()
        .satisfies(first -> {
          assertThat(first.from()).isEmpty();
          assertThat(first.to()).contains(TRAINING);
        });
  }

  private Stage stage(String version) {
    return registry.version("m", version).orElseThrow().stage();
  }

  private void bring(String version, Stage stage) {
    registry.register(NewVersion.builder("m", version).build());
    for (Stage next : WAYS.getOrDefault(stage, List.of())) {
      if (next == RETIRED) {
        bring("successor", PRODUCTION);
      } else {
        registry.transition("m", version, next);
      }
    }
  }
}
