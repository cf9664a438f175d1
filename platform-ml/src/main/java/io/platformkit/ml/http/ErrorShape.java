package io.platformkit.ml.http;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Json;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong as protocols of model servers do: {@code {"error": "…"}}, whatever it was.
 */
final class ErrorShape implements HttpEndpoint {
  private static final String RETRY_SECONDS = "1";

  private final HttpEndpoint endpoint;

  ErrorShape(HttpEndpoint endpoint, ErrorHandler errors) {
    this.endpoint = endpoint.guarded(errors);
  }

  @Override
  public Response handle(Request request) throws Exception {
    Response answer = endpoint.handle(request);
    boolean isProblem =
        answer.header("Content-Type").filter(Problem.CONTENT_TYPE::equals).isPresent();
    return isProblem ? inShape(answer) : answer;
  }

  private static Response inShape(Response problem) throws Exception {
    Map<String, @Nullable Object> document = Json.standard().decodeObject(problem.bytes());
    Map<String, Object> shaped = new LinkedHashMap<>();
    Object detail = document.get("detail");
    Object instance = document.get("instance");
    String title = String.valueOf(document.get("title"));
    String text = detail == null ? title : detail.toString();
    shaped.put("error", instance == null ? text : text + " (" + instance + ")");
    Response answer = Response.json(shaped).withStatus(problem.status());
    for (Map.Entry<String, java.util.List<String>> header : problem.headers().entrySet()) {
      if (!header.getKey().equalsIgnoreCase("Content-Type")) {
        answer = answer.withHeader(header.getKey(), header.getValue().toArray(String[]::new));
      }
    }
    return problem.status() == 503 ? answer.withHeader("Retry-After", RETRY_SECONDS) : answer;
  }
}
