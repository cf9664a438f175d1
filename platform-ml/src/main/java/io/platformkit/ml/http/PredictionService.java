package io.platformkit.ml.http;

import io.platformkit.core.Ids;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.batching.Priority;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.serving.ModelDescription;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionRequest;
import io.platformkit.ml.serving.Served;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
  private static final int LONGEST_ID = 100;
  private static final String CUSTOMER = "customer";

  private final ModelServer server;
  private final String model;
  private final InstantSource clock;
  private final Ids ids = Ids.create();

  private PredictionService(ModelServer server, String model, InstantSource clock) {
    this.server = server;
    this.model = model;
    this.clock = clock;
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
    PredictionService service = new PredictionService(server, model, clock);
    ModelListing listing = new ModelListing(server, model);
    return Routes.builder()
        .post("/predict", service::predict)
        .post("/predict/batch", service::predictAll)
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

  private Response predict(Request request) {
    Members body = new Members("", Bodies.JSON.decodeObject(request.body()));
    if (!body.has("features")) {
      Served<Prediction> served = server.predict(PredictionRequest.of(model, body.asMap()));
      return Response.json(plain(Failures.require(served).value()));
    }
    Item item = item(body);
    return Response.json(answer(item, Failures.require(server.predict(item.request()))));
  }

  /** One request of a customer. */
  private record Item(String customer, String id, PredictionRequest request) {}

  private Item item(Members body) {
    String customer = body.text("customer_id");
    if (customer.isEmpty() || customer.length() > LONGEST_ID) {
      throw Failures.malformed(body.path("customer_id"), customer, "of 1 to 100 characters");
    }
    String id = body.optionalText("request_id").orElseGet(() -> ids.next().toString());
    PredictionRequest request =
        PredictionRequest.of(model, body.object("features").asMap())
            .about(CUSTOMER, customer)
            .on(Terms.of(priority(body)));
    return new Item(customer, id, request);
  }

  private static Priority priority(Members body) {
    String text = body.optionalText("priority").orElse("normal");
    for (Priority priority : Priority.values()) {
      if (priority.name().equalsIgnoreCase(text)) {
        return priority;
      }
    }
    throw Failures.malformed(body.path("priority"), text, "low, normal or high");
  }

  private Map<String, Object> answer(Item item, Served.Done<Prediction> done) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("customer_id", item.customer());
    members.put("request_id", item.id());
    addPrediction(members, done.value());
    members.put("model_version", done.id().version());
    members.put("processing_time", done.took().toNanos() / 1e9);
    members.put("timestamp", clock.instant().toString());
    members.put("features_used", featuresUsed(done.id().version()));
    return members;
  }

  private List<String> featuresUsed(String version) {
    Served<ModelDescription> described = server.load(model, Optional.of(version));
    return described instanceof Served.Done<ModelDescription> done
        ? done.value().features()
        : List.of();
  }

  /** A class is a whole number, as callers compare it with 0 and 1. */
  private static void addPrediction(Map<String, Object> members, Prediction prediction) {
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

  private static Map<String, Object> plain(Prediction prediction) {
    Map<String, Object> members = new LinkedHashMap<>();
    addPrediction(members, prediction);
    if (prediction.probability().isPresent()) {
      members.put("approved", prediction.value() == 1);
    }
    return members;
  }

  private Response predictAll(Request request) {
    byte[] body = request.body();
    return startsList(body)
        ? plainBatch(body)
        : batch(new Members("", Bodies.JSON.decodeObject(body)));
  }

  private static boolean startsList(byte[] body) {
    for (byte each : body) {
      if (!Character.isWhitespace(each)) {
        return each == '[';
      }
    }
    return false;
  }

  private void requireItems(int items) {
    if (items > server.maxItems()) {
      throw Failures.malformed("requests", items, "at most " + server.maxItems());
    }
  }

  private Response plainBatch(byte[] body) {
    List<Object> rows = Bodies.JSON.decodeList(body, Object.class);
    requireItems(rows.size());
    List<PredictionRequest> requests = new ArrayList<>();
    for (Members features : Members.of("features", rows)) {
      requests.add(PredictionRequest.of(model, features.asMap()));
    }
    return Response.json(
        Bodies.JSON,
        server.predictAll(requests).stream()
            .map(served ->
                served instanceof Served.Done<Prediction> done
                    ? plain(done.value())
                    : error(served))
            .toList());
  }

  private static Map<String, Object> error(Served<?> served) {
    return error(Failures.problem(served));
  }

  private static Map<String, Object> error(Problem problem) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("error", problem.detail().orElse(problem.title()));
    members.put("status", problem.status());
    return members;
  }

  private Response batch(Members body) {
    long begin = System.nanoTime();
    List<Members> asked = body.objects("requests");
    requireItems(asked.size());
    BatchAnswers answers = new BatchAnswers(asked.size());
    List<Item> items = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int at = 0; at < asked.size(); at++) {
      try {
        items.add(item(asked.get(at)));
        places.add(at);
      } catch (ProblemException malformed) {
        answers.failed(at, error(malformed.problem()));
      }
    }
    List<Served<Prediction>> served = server.predictAll(items.stream().map(Item::request).toList());
    for (int i = 0; i < items.size(); i++) {
      add(answers, places.get(i), items.get(i), served.get(i));
    }
    String id = body.optionalText("batch_id").orElseGet(() -> ids.next().toString());
    return Response.json(Bodies.JSON, answers.members(id, (System.nanoTime() - begin) / 1e9));
  }

  private void add(BatchAnswers answers, int at, Item item, Served<Prediction> served) {
    if (served instanceof Served.Done<Prediction> done) {
      answers.done(at, answer(item, done));
    } else {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("customer_id", item.customer());
      members.put("request_id", item.id());
      members.putAll(error(served));
      answers.failed(at, members);
    }
  }

  private Response predict(Request request, Optional<String> version) {
    String name = request.pathVariable("model");
    Members body = new Members("", Bodies.JSON.decodeObject(request.body()));
    PredictionRequest asked =
        PredictionRequest.of(name, features(name, version, body)).on(Terms.of(priority(body)));
    Map<String, Object> members = new LinkedHashMap<>();
    for (String kind : List.of("user", "item")) {
      Optional<String> id = body.optionalText(kind + "_id");
      id.ifPresent(text -> members.put(kind + "_id", text));
      asked = id.isPresent() ? asked.about(kind, id.get()) : asked;
    }
    PredictionRequest complete = version.isPresent() ? asked.version(version.get()) : asked;
    Served.Done<Prediction> done = Failures.require(server.predict(complete));
    addPrediction(members, done.value());
    members.put("model_id", done.id().model());
    members.put("model_version", done.id().version());
    members.put("latency_ms", done.cached() ? 0.0 : done.took().toNanos() / 1e6);
    return Response.json(members);
  }

  /** Those of the body, and of its context; the body's own win. */
  private Map<String, @Nullable Object> features(
      String name, Optional<String> version, Members body) {
    Map<String, @Nullable Object> features = new LinkedHashMap<>(body.object("context").asMap());
    if (!body.isList("features")) {
      features.putAll(body.object("features").asMap());
      return features;
    }
    List<?> values = body.list("features");
    List<String> names = Failures.require(server.load(name, version)).value().features();
    if (values.size() > names.size()) {
      throw Failures.malformed(
          "features",
          values.size() + " values",
          "at most %d, for %s".formatted(names.size(), names));
    }
    for (int i = 0; i < values.size(); i++) {
      features.put(names.get(i), values.get(i));
    }
    return features;
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
