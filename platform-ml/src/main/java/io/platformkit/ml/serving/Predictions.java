package io.platformkit.ml.serving;

import io.platformkit.core.Timers;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.serving.PredictionKey.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests with named features, from the cache if there is one. Safe for concurrent use.
 */
final class Predictions {
  private final @Nullable PredictionCache cache;
  private final Timers timers;

  Predictions(@Nullable PredictionCache cache, Timers timers) {
    this.cache = cache;
    this.timers = timers;
  }

  /** A request whose features make a row. */
  private record Asked(int at, SortedMap<String, String> ids, Row row) {}

  /** Requests that may be computed together: on the same terms, and cached alike. */
  private record Group(Terms terms, boolean pair) {}

  /** Answers one request. */
  Served<Prediction> one(LoadedModel model, PredictionRequest request, long begin) {
    try {
      return alone(asked(model, 0, request), begin);
    } catch (IllegalArgumentException fault) {
      return new Served.Refused<>(model.id(), fault);
    }
  }

  /** Answers each request, in order. */
  List<Served<Prediction>> all(LoadedModel model, List<PredictionRequest> requests, long begin) {
    SortedMap<Integer, Served<Prediction>> answers = new TreeMap<>();
    Map<Group, List<Asked>> groups = new LinkedHashMap<>();
    for (int at = 0; at < requests.size(); at++) {
      PredictionRequest request = requests.get(at);
      try {
        Asked asked = asked(model, at, request);
        Group group = new Group(request.terms(), PredictionCache.isPair(request.ids()));
        groups.computeIfAbsent(group, one -> new ArrayList<>()).add(asked);
      } catch (IllegalArgumentException fault) {
        answers.put(at, new Served.Refused<>(model.id(), fault));
      }
    }
    groups.values().forEach(group -> answers.putAll(together(model, group, begin)));
    return List.copyOf(answers.values());
  }

  private static Asked asked(LoadedModel model, int at, PredictionRequest request) {
    Tensors inputs = model.requireForm().encoder().encode(request.features());
    return new Asked(at, request.ids(), new Row(model, inputs, request.terms()));
  }

  private Map<Integer, Served<Prediction>> together(
      LoadedModel model, List<Asked> group, long begin) {
    try {
      return cache == null ? computed(model, group, begin) : cached(cache, model, group, begin);
    } catch (NotComputedException none) {
      Map<Integer, Served<Prediction>> answers = new LinkedHashMap<>();
      boolean mayBeOne = none.outcome() instanceof Outcome.Failed && group.size() > 1;
      for (Asked asked : group) {
        answers.put(asked.at(), mayBeOne ? alone(asked, begin) : none.served(model.id()));
      }
      return answers;
    }
  }

  private Map<Integer, Served<Prediction>> computed(
      LoadedModel model, List<Asked> group, long begin) {
    Tensors inputs =
        Rows.together(model, group.stream().map(asked -> asked.row().inputs()).toList());
    List<Prediction> predictions =
        Rows.compute(model, inputs, group.size(), group.getFirst().row().terms());
    Map<Integer, Served<Prediction>> answers = new LinkedHashMap<>();
    for (int i = 0; i < group.size(); i++) {
      answers.put(group.get(i).at(), done(model.id(), predictions.get(i), false, begin));
    }
    return answers;
  }

  private Map<Integer, Served<Prediction>> cached(
      PredictionCache from, LoadedModel model, List<Asked> group, long begin) {
    List<PredictionKey> keys =
        group.stream().map(asked -> PredictionKey.of(asked.ids(), asked.row())).toList();
    Map<PredictionKey, Prediction> found = from.getAll(group.getFirst().ids(), keys);
    Map<Integer, Served<Prediction>> answers = new LinkedHashMap<>();
    for (int i = 0; i < group.size(); i++) {
      PredictionKey key = keys.get(i);
      Prediction prediction = Objects.requireNonNull(found.get(key));
      answers.put(group.get(i).at(), done(model.id(), prediction, !key.isTaken(), begin));
    }
    return answers;
  }

  private Served<Prediction> alone(Asked asked, long begin) {
    VersionId id = asked.row().model().id();
    if (cache == null) {
      return alone(asked.row(), begin);
    }
    PredictionKey key = PredictionKey.of(asked.ids(), asked.row());
    try {
      Prediction found = cache.get(asked.ids(), key);
      return done(id, found, !key.isTaken(), begin);
    } catch (NotComputedException none) {
      // somebody else's request for the same, whose terms may have been others
      return key.isTaken() ? none.served(id) : alone(asked.row(), begin);
    }
  }

  private Served<Prediction> alone(Row row, long begin) {
    VersionId id = row.model().id();
    try {
      Prediction computed = Rows.compute(row.model(), row.inputs(), 1, row.terms()).getFirst();
      return done(id, computed, false, begin);
    } catch (NotComputedException none) {
      return none.served(id);
    }
  }

  private Served<Prediction> done(VersionId id, Prediction prediction, boolean cached, long begin) {
    Duration took = Duration.ofNanos(timers.nanoTime() - begin);
    return new Served.Done<>(id, prediction, cached, took);
  }
}
