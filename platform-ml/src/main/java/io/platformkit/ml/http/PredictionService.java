package io.platformkit.ml.http;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.serving.ModelDescription;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionRequest;
import io.platformkit.ml.serving.Served;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Predictions from named features over HTTP, for callers who know nothing of tensors. Safe for
 * concurrent use. Errors are problem documents; of features that are missing or not allowed each is
 * a member of {@code faults}.
 *
 * <ul>
 *   <li>{@code POST /predict} with {@code {customer_id, features, request_id?, priority?}} asks the
 *       service's own model, and so does one with the features alone.
 *   <li>{@code POST /predict/batch} with {@code {requests, batch_id?}}, or a list of features, asks
 *       it many times; each item has its own answer or error.
 *   <li>{@code POST /predict/{model}} and {@code /predict/{model}/{version}} with {@code {user_id?,
 *       item_id?, features?, context?}} ask any model; the features are an object, or a list in the
 *       order of the model's schema.
 *   <li>{@code POST /load_model/{model}/{version}} loads a version.
 *   <li>{@code GET /models} lists all versions, {@code GET /models/versions} those of the service's
 *       own model, newest first; {@code GET /stats} tells counts and times.
 * </ul>
 */
public final class PredictionService {
  private final ModelServer server;

  private PredictionService(ModelServer server) {
    this.server = server;
  }

  /**
   * The service for a server.
   *
   * @param model the one that {@code /predict} asks
   */
  public static HttpEndpoint of(ModelServer server, String model) {
    return of(server, model, InstantSource.system());
  }

  /**
   * The service for a server.
   *
   * @param model the one that {@code /predict} asks
   * @param clock whose time answers bear
   */
  public static HttpEndpoint of(ModelServer server, String model, InstantSource clock) {
    PredictionService service = new PredictionService(server);
    CustomerPredictions customers = new CustomerPredictions(server, model, clock);
    ModelListing listing = new ModelListing(server, model);
    return Routes.builder()
        .post("/predict", customers::predict)
        .post("/predict/batch", customers::predictAll)
        .post("/predict/{model}", request -> service.predict(request, Optional.empty()))
        .post(
            "/predict/{model}/{version}",
            request -> service.predict(request, Optional.of(request.pathVariable("version"))))
        .post("/load_model/{model}/{version}", service::load)
        .get("/models", request -> listing.all())
        .get("/models/versions", request -> listing.own())
        .get("/stats", request -> listing.statistics())
        .build();
  }

  private Response predict(Request request, Optional<String> version) {
    Members body = new Members("", Bodies.JSON.decodeObject(request.body()));
    Map<String, Object> members = new LinkedHashMap<>();
    PredictionRequest asked =
        features(request.pathVariable("model"), version, body)
            .on(Terms.of(PredictionMembers.priority(body)));
    for (String kind : List.of("user", "item")) {
      Optional<String> id = body.optionalText(kind + "_id");
      id.ifPresent(text -> members.put(kind + "_id", text));
      asked = id.isPresent() ? asked.about(kind, id.get()) : asked;
    }
    Served.Done<Prediction> done = Failures.require(server.predict(asked));
    PredictionMembers.add(members, done.value());
    members.put("model_id", done.id().model());
    members.put("model_version", done.id().version());
    members.put("latency_ms", done.cached() ? 0.0 : done.took().toNanos() / 1e6);
    return Response.json(members);
  }

  /** With those of the body, and of its context; the body's own win. */
  private PredictionRequest features(String model, Optional<String> version, Members body) {
    Map<String, @Nullable Object> features = new LinkedHashMap<>(body.object("context").asMap());
    if (body.isList("features")) {
      return listed(model, version, features, body.list("features"));
    }
    features.putAll(body.object("features").asMap());
    PredictionRequest asked = PredictionRequest.of(model, features);
    return version.isPresent() ? asked.version(version.get()) : asked;
  }

  /** Of the version whose schema gave the names, though another one be promoted meanwhile. */
  private PredictionRequest listed(
      String model,
      Optional<String> version,
      Map<String, @Nullable Object> features,
      List<?> values) {
    ModelDescription described = Failures.require(server.load(model, version)).value();
    List<String> names = described.features();
    if (values.size() > names.size()) {
      throw Failures.malformed(
          "features",
          values.size() + " values",
          "at most %d, for %s".formatted(names.size(), names));
    }
    for (int i = 0; i < values.size(); i++) {
      features.put(names.get(i), values.get(i));
    }
    return PredictionRequest.of(model, features).version(described.id().version());
  }

  private Response load(Request request) {
    Optional<String> version = Optional.of(request.pathVariable("version"));
    ModelDescription loaded =
        Failures.require(server.load(request.pathVariable("model"), version)).value();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("status", "success");
    members.put("message", loaded.id() + " is loaded");
    return Response.json(members);
  }
}
