package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.Note;
import io.platformkit.ml.registry.Stage;
import io.platformkit.ml.registry.Transition;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoModelsTest {
  private final ModelRegistry registry = ModelRegistry.inMemory();

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  @Test
  void eachModelHasAVersionBeforeOneThatServesAndOneThatWaits() {
    DemoModels.registerIn(registry);

    for (DemoModel model : DemoModels.ALL) {
      assertThat(registry.versions(model.name()))
          .as(model.name())
          .extracting(ModelVersion::version, ModelVersion::stage)
          .containsExactly(
              tuple("v3", Stage.STAGED), tuple("v2", Stage.PRODUCTION), tuple("v1", Stage.RETIRED));
    }
  }

  @Test
  void whatPeopleDidStaysWhenTheConsoleComesBack() {
    DemoModels.registerIn(registry);
    registry.transition("churn", "v2", Stage.STAGED, Note.by("ann"));
    List<Transition> before = registry.history("churn");

    DemoModels.registerIn(registry);

    assertThat(registry.history("churn")).isEqualTo(before);
    assertThat(registry.production("churn")).isEmpty();
  }

  @Test
  void aNewerVersionIsNearerToTheTruth() {
    for (DemoModel model : DemoModels.ALL) {
      List<Double> errors =
          model.versions().values().stream()
              .map(version -> DemoModels.error(model, version))
              .toList();
      assertThat(errors).as(model.name()).isSortedAccordingTo(Comparator.reverseOrder());
      assertThat(errors).as(model.name()).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "no json", "{\"intercept\":1}", "{\"intercept\":1,\"weights\":[null]}"})
  void whatIsNoLinearModelIsRefusedByName(String artifact) {
    VersionId id = new VersionId("churn", "v9");

    assertThatThrownBy(() -> LinearModel.load(id, artifact.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model 'churn' version 'v9'")
        .hasMessageContaining("no linear model");
  }
}
