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
 */
public final class PredictionRequest {
  private final String model;
  private final Optional<String> version;
  private final SortedMap<String, String> ids;
  private final Map<String, @Nullable Object> features;
  private final Terms terms;

  /** With maps that nobody changes. */
  private PredictionRequest(
      String model,
      Optional<String> version,
      SortedMap<String, String> ids,
      Map<String, @Nullable Object> features,
      Terms terms) {
    this.model = model;
    this.version = version;
    this.ids = ids;
    this.features = features;
    this.terms = terms;
  }

  /**
   * Of the version in production, on usual terms.
   *
   * @param features by name: numbers, booleans, strings and lists, as JSON has them
   */
  public static PredictionRequest of(
      String model, Map<String, ? extends @Nullable Object> features) {
    return new PredictionRequest(
        Objects.requireNonNull(model, "model"),
        Optional.empty(),
        Collections.emptySortedMap(),
        Collections.unmodifiableMap(new HashMap<>(features)),
        Terms.DEFAULT);
  }

  /** Of this version. */
  public PredictionRequest version(String version) {
    return new PredictionRequest(model, Optional.of(version), ids, features, terms);
  }

  /**
   * About somebody or something more; a part of the cache's key and nothing else.
   *
   * @param kind {@code "customer"}
   * @param id {@code "c-17"}
   */
  public PredictionRequest about(String kind, String id) {
    SortedMap<String, String> more = new TreeMap<>(ids);
    more.put(Objects.requireNonNull(kind, "kind"), Objects.requireNonNull(id, "id"));
    return new PredictionRequest(
        model, version, Collections.unmodifiableSortedMap(more), features, terms);
  }

  /** On these terms: how urgent it is, and how long the caller waits. */
  public PredictionRequest on(Terms terms) {
    return new PredictionRequest(
        model, version, ids, features, Objects.requireNonNull(terms, "terms"));
  }

  /** Whose prediction. */
  public String model() {
    return model;
  }

  /** Which one; empty for the one in production. */
  public Optional<String> version() {
    return version;
  }

  /** Whom or what it is about, kind to id. */
  public SortedMap<String, String> ids() {
    return ids;
  }

  /** By name. */
  public Map<String, @Nullable Object> features() {
    return features;
  }

  /** How urgent it is, and how long the caller waits. */
  public Terms terms() {
    return terms;
  }
}
