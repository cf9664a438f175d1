package io.platformkit.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Plays histories again. */
final class Histories {
  private Histories() {}

  static Map<String, Stage> stages(List<ModelVersion> versions) {
    Map<String, Stage> stages = new LinkedHashMap<>();
    versions.forEach(version -> stages.put(version.version(), version.stage()));
    return stages;
  }

  /**
   * Checks that a history has no holes, that each of its steps is legal and fits to the one before,
   * that one version serves at most after each change, and that it leads to what the registry says.
   */
  static List<Transition> assertRight(ModelRegistry registry, String model) {
    List<Transition> history = registry.history(model);
    assertThat(history)
        .extracting(Transition::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, history.size()).boxed().toList());
    assertThat(history).extracting(Transition::at).isSorted();
    assertThat(replayed(history)).isEqualTo(stages(registry.versions(model)));
    return history;
  }

  private static Map<String, Stage> replayed(List<Transition> history) {
    Map<String, Stage> stages = new LinkedHashMap<>();
    for (Transition next : history) {
      assertThat(Optional.ofNullable(stages.get(next.version())))
          .as("%s", next)
          .isEqualTo(next.from());
      next.from()
          .ifPresent(from ->
              assertThat(next.to().map(from::mayBecome).orElse(from.mayBeDeleted()))
                  .as("%s", next)
                  .isTrue());
      next.to()
          .ifPresentOrElse(
              to -> stages.put(next.version(), to), () -> stages.remove(next.version()));
      assertThat(stages.values().stream().filter(Stage.PRODUCTION::equals).count())
          .as("%s", next)
          .isLessThanOrEqualTo(1);
    }
    return stages;
  }
}
