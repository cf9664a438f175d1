package io.platformkit.ml.http;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.serving.ModelDescription;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.Served;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Open Inference Protocol, version 2, over REST, with Triton's binary tensors: what clients of
 * Triton and KServe speak. Mount it at {@code /v2}. Safe for concurrent use.
 *
 * <p>{@code GET /}, {@code /health/live}, {@code /health/ready}, {@code /models/{model}} with or
 * without {@code /versions/{version}}, and of these {@code /ready} and {@code POST /infer}. Errors
 * are {@code {"error": "…"}}: 400 for what the model does not take, 404 for a model or version that
 * does not serve, 503 when there is too much to do, 504 when the request's time was over, 500 when
 * the model failed.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">The protocol</a>
 */
public final class OpenInference {
  private static final String EXTENSION = "binary_tensor_data";
  private static final String NAME = "platform-kit";

  private final ModelServer server;
  private final String version;

  private OpenInference(ModelServer server) {
    this.server = server;
    String implementation = OpenInference.class.getPackage().getImplementationVersion();
    this.version = implementation == null ? "development" : implementation;
  }

  /** The protocol for a server; failures of ours are logged. */
  public static HttpEndpoint of(ModelServer server) {
    return of(server, ErrorHandler.logging());
  }

  /**
   * The protocol for a server.
   *
   * @param errors told of failures of ours, which callers see as 500 with an id
   */
  public static HttpEndpoint of(ModelServer server, ErrorHandler errors) {
    OpenInference protocol = new OpenInference(server);
    Routes.Builder routes =
        Routes.builder()
            .get("/", request -> Response.json(protocol.metadata()))
            .get("/health/live", request -> Response.json(Map.of("live", true)))
            .get("/health/ready", request -> protocol.ready());
    for (String model : List.of("/models/{model}", "/models/{model}/versions/{version}")) {
      routes
          .get(model, protocol::model)
          .get(model + "/ready", protocol::modelReady)
          .post(model + "/infer", protocol::infer);
    }
    return new ErrorShape(routes.build(), errors);
  }

  private Map<String, Object> metadata() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", NAME);
    members.put("version", version);
    members.put("extensions", List.of(EXTENSION));
    return members;
  }

  /** Whether each model that is in production answers. */
  private Response ready() {
    boolean ready = server.models().stream().allMatch(model -> model.trouble().isEmpty());
    return Response.json(Map.of("ready", ready)).withStatus(ready ? 200 : 503);
  }

  private static String name(Request request) {
    return request.pathVariable("model");
  }

  private static Optional<String> version(Request request) {
    return request.findPathVariable("version");
  }

  private Response modelReady(Request request) {
    boolean ready = server.isReady(name(request), version(request));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", name(request));
    members.put("ready", ready);
    return Response.json(members).withStatus(ready ? 200 : 503);
  }

  private Response model(Request request) {
    ModelDescription model = Failures.require(server.load(name(request), version(request))).value();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", model.id().model());
    members.put("versions", server.versions(model.id().model()));
    members.put("platform", model.platform());
    members.put("inputs", model.signature().inputs().stream().map(OpenInference::spec).toList());
    members.put("outputs", model.signature().outputs().stream().map(OpenInference::spec).toList());
    return Response.json(members);
  }

  private static Map<String, Object> spec(TensorSpec spec) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", spec.name());
    members.put("datatype", DataTypes.name(spec.type()));
    members.put("shape", spec.shape());
    return members;
  }

  private Response infer(Request request) {
    InferRequest asked = InferRequest.of(request);
    Served<Tensors> served =
        server.infer(name(request), version(request), asked.inputs(), Terms.DEFAULT);
    return InferResponse.of(asked, Failures.require(served));
  }
}
