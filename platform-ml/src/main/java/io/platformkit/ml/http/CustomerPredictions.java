package io.platformkit.ml.http;

import io.platformkit.core.Ids;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.serving.ModelDescription;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionRequest;
import io.platformkit.ml.serving.Served;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Predictions about customers by the service's own model: {@code /predict} and its batches. */
final class CustomerPredictions {
  private static final int LONGEST_ID = 100;
  private static final String CUSTOMER = "customer";

  private final ModelServer server;
  private final String model;
  private final InstantSource clock;
  private final Ids ids = Ids.create();

  CustomerPredictions(ModelServer server, String model, InstantSource clock) {
    this.server = server;
    this.model = model;
    this.clock = clock;
  }

  Response predict(Request request) {
    Members body = new Members("", Bodies.JSON.decodeObject(request.body()));
    if (!body.has("features")) {
      Served<Prediction> served = server.predict(PredictionRequest.of(model, body.asMap()));
      return Response.json(PredictionMembers.plain(Failures.require(served).value()));
    }
    Item item = item(body);
    return Response.json(
        answer(item, Failures.require(server.predict(item.request())), new FeaturesUsed()));
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
            .on(Terms.of(PredictionMembers.priority(body)));
    return new Item(customer, id, request);
  }

  private Map<String, Object> answer(
      Item item, Served.Done<Prediction> done, FeaturesUsed features) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("customer_id", item.customer());
    members.put("request_id", item.id());
    PredictionMembers.add(members, done.value());
    members.put("model_version", done.id().version());
    members.put("processing_time", done.took().toNanos() / 1e9);
    members.put("timestamp", clock.instant().toString());
    members.put("features_used", features.of(done.id().version()));
    return members;
  }

  /** Which features a version takes; asked once for all answers to a call. */
  private final class FeaturesUsed {
    private final Map<String, List<String>> byVersion = new HashMap<>();

    List<String> of(String version) {
      return byVersion.computeIfAbsent(version, this::ask);
    }

    private List<String> ask(String version) {
      Served<ModelDescription> described = server.load(model, Optional.of(version));
      return described instanceof Served.Done<ModelDescription> done
          ? done.value().features()
          : List.of();
    }
  }

  Response predictAll(Request request) {
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
                    ? PredictionMembers.plain(done.value())
                    : PredictionMembers.error(served))
            .toList());
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
        answers.failed(at, PredictionMembers.error(malformed.problem()));
      }
    }
    List<Served<Prediction>> served = server.predictAll(items.stream().map(Item::request).toList());
    FeaturesUsed features = new FeaturesUsed();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (served.get(i) instanceof Served.Done<Prediction> done) {
        answers.done(places.get(i), answer(item, done, features));
      } else {
        answers.failed(places.get(i), failure(item, served.get(i)));
      }
    }
    String id = body.optionalText("batch_id").orElseGet(() -> ids.next().toString());
    return Response.json(Bodies.JSON, answers.members(id, (System.nanoTime() - begin) / 1e9));
  }

  private static Map<String, Object> failure(Item item, Served<Prediction> served) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("customer_id", item.customer());
    members.put("request_id", item.id());
    members.putAll(PredictionMembers.error(served));
    return members;
  }
}
