package io.platformkit.ml.http;

import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.ml.schema.FeatureFault;
import io.platformkit.ml.schema.InvalidFeaturesException;
import io.platformkit.ml.serving.Served;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller is told who gets no answer. */
final class Failures {
  private Failures() {}

  /**
   * The answer.
   *
   * @throws ProblemException if there is none
   */
  static <T> Served.Done<T> require(Served<T> served) {
    if (served instanceof Served.Done<T> done) {
      return done;
    }
    throw problem(served).toException();
  }

  /** Why there is no value: 404, 400, 503, 504 or 500. */
  static Problem problem(Served<?> served) {
    return switch (served) {
      case Served.NotFound<?> none -> Problem.of(404, notFound(none));
      case Served.Refused<?> refused -> refused(refused.fault());
      case Served.Overloaded<?> busy ->
          Problem.of(
              503, "%s is overloaded (%s); try again later".formatted(busy.id(), busy.reason()));
      case Served.Expired<?> late ->
          Problem.of(
              504,
              "%s had no turn for it within %d ms".formatted(late.id(), millis(late.waited())));
      case Served.Unavailable<?> unavailable ->
          Problem.of(503, "the models' registry can't be asked; try again later");
      case Served.Failed<?> failed ->
          Problem.of(500, String.valueOf(failed.failure().getMessage()));
      case Served.Done<?> done -> throw new IllegalArgumentException("there is a value");
    };
  }

  private static String notFound(Served.NotFound<?> none) {
    return none.version()
        .map(version ->
            "model '%s' has no version '%s' that serves".formatted(none.model(), version))
        .orElseGet(() -> "model '%s' has no version in production".formatted(none.model()));
  }

  private static long millis(Duration waited) {
    return waited.toMillis();
  }

  private static Problem refused(IllegalArgumentException fault) {
    Problem problem = Problem.of(400, String.valueOf(fault.getMessage()));
    return fault instanceof InvalidFeaturesException features
        ? problem.with("faults", features.faults().stream().map(Failures::member).toList())
        : problem;
  }

  private static Map<String, Object> member(FeatureFault fault) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("feature", fault.feature());
    members.put("given", fault.given());
    members.put("expected", fault.expected());
    return members;
  }

  /** A request that can't be understood. */
  static ProblemException malformed(String detail) {
    return Problem.of(400, detail).toException();
  }

  /** As {@link #malformed(String)}: name, value and rule. */
  static ProblemException malformed(String member, @Nullable Object value, String rule) {
    String shown = String.valueOf(value);
    String brief = shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
    return malformed("%s was '%s' but it must be %s".formatted(member, brief, rule));
  }
}
