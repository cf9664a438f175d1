package io.platformkit.ml.http;

import io.platformkit.core.http.Problem;
import io.platformkit.ml.batching.Priority;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.serving.Served;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The members that requests for predictions, and the answers to them, have in common. */
final class PredictionMembers {
  private PredictionMembers() {}

  /**
   * How urgent a request is: {@code priority}, normal if it says nothing.
   *
   * @throws io.platformkit.core.http.ProblemException 400 if there is no such priority
   */
  static Priority priority(Members body) {
    String text = body.optionalText("priority").orElse("normal");
    for (Priority priority : Priority.values()) {
      if (priority.name().equalsIgnoreCase(text)) {
        return priority;
      }
    }
    throw Failures.malformed(body.path("priority"), text, "low, normal or high");
  }

  /** A class is a whole number, as callers compare it with 0 and 1. */
  static void add(Map<String, Object> members, Prediction prediction) {
    if (prediction.probability().isPresent()) {
      members.put("prediction", (int) prediction.value());
      members.put("probability", prediction.probability().getAsDouble());
      members.put("confidence", prediction.confidence().orElseThrow());
      members.put(
          "confidence_level",
          prediction.confidenceLevel().orElseThrow().name().toLowerCase(Locale.ROOT));
    } else {
      members.put("prediction", prediction.value());
    }
  }

  /** Without whom it is about, and which version said it. */
  static Map<String, Object> plain(Prediction prediction) {
    Map<String, Object> members = new LinkedHashMap<>();
    add(members, prediction);
    if (prediction.probability().isPresent()) {
      members.put("approved", prediction.value() == 1);
    }
    return members;
  }

  /** The answer's place, if there is none. */
  static Map<String, Object> error(Served<?> served) {
    return error(Failures.problem(served));
  }

  /** As {@link #error(Served)}. */
  static Map<String, Object> error(Problem problem) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("error", problem.detail().orElse(problem.title()));
    members.put("status", problem.status());
    return members;
  }
}
