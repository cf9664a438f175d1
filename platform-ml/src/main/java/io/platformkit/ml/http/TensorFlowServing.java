package io.platformkit.ml.http;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.serving.ModelDescription;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.Served;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TensorFlow Serving's REST interface. Mount it at {@code /v1}. Safe for concurrent use.
 *
 * <p>{@code POST /models/{model}:predict} and {@code /models/{model}/versions/{version}:predict}
 * with {@code "instances"}, row by row, or {@code "inputs"}, by column; an instance that is an
 * object is read as named features if the model has a schema and the object does not name the
 * model's inputs. {@code GET /models/{model}} with or without a version tells whether it is there.
 * Errors are {@code {"error": "…"}}.
 *
 * @see <a href="https://www.tensorflow.org/tfx/serving/api_rest">The interface</a>
 */
public final class TensorFlowServing {
  private static final String PREDICT = ":predict";

  private final ModelServer server;

  private TensorFlowServing(ModelServer server) {
    this.server = server;
  }

  /** The interface for a server; failures of ours are logged. */
  public static HttpEndpoint of(ModelServer server) {
    return of(server, ErrorHandler.logging());
  }

  /**
   * The interface for a server.
   *
   * @param errors told of failures of ours, which callers see as 500 with an id
   */
  public static HttpEndpoint of(ModelServer server, ErrorHandler errors) {
    TensorFlowServing serving = new TensorFlowServing(server);
    return new ErrorShape(
        Routes.builder()
            .post("/models/{model}", serving::predict)
            .post("/models/{model}/versions/{version}", serving::predict)
            .get("/models/{model}", serving::status)
            .get("/models/{model}/versions/{version}", serving::status)
            .build(),
        errors);
  }

  private static Optional<String> version(Request request) {
    return request.findPathVariable("version");
  }

  private Response status(Request request) {
    String model = request.pathVariable("model");
    Optional<String> version = version(request);
    List<String> versions =
        server.versions(model).stream()
            .filter(one -> version.isEmpty() || version.get().equals(one))
            .toList();
    if (versions.isEmpty()) {
      throw Failures.problem(new Served.NotFound<>(model, version)).toException();
    }
    return Response.json(
        Map.of("model_version_status", versions.stream().map(one -> status(model, one)).toList()));
  }

  private Map<String, Object> status(String model, String version) {
    boolean loaded = server.isReady(model, Optional.of(version));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("version", version);
    members.put("state", loaded ? "AVAILABLE" : "START");
    members.put("status", Map.of("error_code", "OK", "error_message", ""));
    return members;
  }

  private Response predict(Request request) {
    Optional<String> version = version(request);
    String named = version.isPresent() ? version.get() : request.pathVariable("model");
    if (!named.endsWith(PREDICT)) {
      throw Problem.of(
              404, "path was '%s' but it must end with '%s'".formatted(request.path(), PREDICT))
          .toException();
    }
    String bare = named.substring(0, named.length() - PREDICT.length());
    String model = version.isPresent() ? request.pathVariable("model") : bare;
    return predict(model, version.map(with -> bare), Bodies.JSON.decodeObject(request.body()));
  }

  private Response predict(
      String model, Optional<String> version, Map<String, @Nullable Object> body) {
    Object instances = body.get("instances");
    Object inputs = body.get("inputs");
    if ((instances == null) == (inputs == null)) {
      throw Failures.malformed("one of 'instances' and 'inputs' must be there, and not both");
    }
    ModelDescription described = Failures.require(server.load(model, version)).value();
    Optional<String> same = Optional.of(described.id().version());
    if (inputs != null) {
      Tensors columns = TensorFlowForms.columns(described.signature(), inputs);
      return columns(infer(model, same, columns));
    }
    if (!(instances instanceof List<?> rows) || rows.isEmpty()) {
      throw Failures.malformed("instances", instances, "a list of at least one");
    }
    Tensors outputs =
        TensorFlowForms.areFeatures(described, rows)
            ? Failures.require(
                    server.infer(model, same, TensorFlowForms.features(rows), Terms.DEFAULT))
                .value()
            : infer(model, same, TensorFlowForms.rows(described.signature(), rows));
    return rows(outputs, rows.size());
  }

  private Tensors infer(String model, Optional<String> version, Tensors inputs) {
    return Failures.require(server.infer(model, version, inputs, Terms.DEFAULT)).value();
  }

  private static Response columns(Tensors outputs) {
    return Response.json(Bodies.JSON, Map.of("outputs", TensorFlowForms.columns(outputs)));
  }

  private static Response rows(Tensors outputs, int rows) {
    for (String name : outputs.names()) {
      Tensor output = outputs.get(name);
      if (output.rank() == 0 || output.rows() != rows) {
        throw Problem.of(
                400,
                "output '%s' is %s, no row for each of %d instances; ask with 'inputs'"
                    .formatted(name, output, rows))
            .toException();
      }
    }
    return Response.json(Bodies.JSON, Map.of("predictions", TensorFlowForms.rows(outputs, rows)));
  }
}
