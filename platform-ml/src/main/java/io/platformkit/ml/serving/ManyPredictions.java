package io.platformkit.ml.serving;

import io.platformkit.ml.schema.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers many requests, those of one version together. For one call. */
final class ManyPredictions {
  private final Versions versions;
  private final Predictions predictions;
  private final long begin;

  ManyPredictions(Versions versions, Predictions predictions, long begin) {
    this.versions = versions;
    this.predictions = predictions;
    this.begin = begin;
  }

  /** Which version of which model. */
  private record Target(String model, Optional<String> version) {
    static Target of(PredictionRequest request) {
      return new Target(request.model(), request.version());
    }
  }

  /** One for each request, in their order. */
  List<Served<Prediction>> answers(List<PredictionRequest> requests) {
    Map<Target, List<Integer>> places = new LinkedHashMap<>();
    for (int at = 0; at < requests.size(); at++) {
      places.computeIfAbsent(Target.of(requests.get(at)), one -> new ArrayList<>()).add(at);
    }
    SortedMap<Integer, Served<Prediction>> answers = new TreeMap<>();
    places.forEach((target, at) -> {
      List<Served<Prediction>> served = answers(target, at.stream().map(requests::get).toList());
      for (int i = 0; i < at.size(); i++) {
        answers.put(at.get(i), served.get(i));
      }
    });
    return List.copyOf(answers.values());
  }

  private List<Served<Prediction>> answers(Target target, List<PredictionRequest> requests) {
    List<Served<Prediction>> answers = new ArrayList<>();
    Served<Prediction> last =
        versions.use(
            target.model(),
            target.version(),
            model -> {
              predictions
                  .all(model, requests, begin)
                  .forEach(served -> answers.add(model.counted(served)));
              return answers.getLast();
            });
    while (answers.size() < requests.size()) {
      answers.add(last); // none was answered, all for the same reason
    }
    return answers;
  }
}
