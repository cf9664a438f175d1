package io.platformkit.ml.serving;

import io.platformkit.ml.batching.Terms;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a prediction is asked for. Immutable.
 *
 * <pre>{@code
 * PredictionRequest.of("churn", Map.of("age", 41, "plan", "paid")).about("customer", "c-17")
 * }</pre>
 *
 * @param model whose prediction
 * @param version which one; empty for the one in production
 * @param ids whom or what it is about, kind to id; a part of the cache's key and nothing else
 * @param features by name: numbers, booleans, strings and lists, as JSON has them
 * @param terms how urgent it is, and how long the caller waits
 */
public record PredictionRequest(
    String model,
    Optional<String> version,
    SortedMap<String, String> ids,
    Map<String, ? extends @Nullable Object> features,
    Terms terms) {
  public PredictionRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(terms, "terms");
    ids = Collections.unmodifiableSortedMap(new TreeMap<>(ids));
    features = Collections.unmodifiableMap(new HashMap<>(features));
  }

  /** Of the version in production, on usual terms. */
  public static PredictionRequest of(
      String model, Map<String, ? extends @Nullable Object> features) {
    return new PredictionRequest(
        model, Optional.empty(), Collections.emptySortedMap(), features, Terms.DEFAULT);
  }

  /** Of this version. */
  public PredictionRequest version(String version) {
    return new PredictionRequest(model, Optional.of(version), ids, features, terms);
  }

  /**
   * About somebody or something more.
   *
   * @param kind {@code "customer"}
   * @param id {@code "c-17"}
   */
  public PredictionRequest about(String kind, String id) {
    SortedMap<String, String> more = new TreeMap<>(ids);
    more.put(kind, id);
    return new PredictionRequest(model, version, more, features, terms);
  }

  /** On these terms. */
  public PredictionRequest on(Terms terms) {
    return new PredictionRequest(model, version, ids, features, terms);
  }
}
