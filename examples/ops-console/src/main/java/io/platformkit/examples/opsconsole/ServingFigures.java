package io.platformkit.examples.opsconsole;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.ml.batching.BatchStats;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.ServedModel;
import io.platformkit.ml.serving.VersionStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code GET}: which version of each model answers, and what each version in memory was asked since
 * it was loaded; times in milliseconds, of about the last minute.
 */
final class ServingFigures implements HttpEndpoint {
  private final ModelServer server;

  ServingFigures(ModelServer server) {
    this.server = server;
  }

  @Override
  public Response handle(Request request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("models", server.models().stream().map(ServingFigures::model).toList());
    answer.put(
        "versions", server.statistics().loaded().stream().map(ServingFigures::version).toList());
    return Response.json(answer).withHeader("Cache-Control", "no-store");
  }

  private static Map<String, Object> model(ServedModel model) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model.model());
    model.version().ifPresent(version -> members.put("version", version));
    model.trouble().ifPresent(trouble -> members.put("trouble", trouble));
    return members;
  }

  private static Map<String, Object> version(VersionStatistics version) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", version.id().model());
    members.put("version", version.id().version());
    members.put("requests", version.requests());
    members.put("last_minute", version.lastMinute());
    members.put("p50_ms", version.p50().toNanos() / 1e6);
    members.put("p99_ms", version.p99().toNanos() / 1e6);
    members.put("cached", version.cached());
    members.put("cache_hit_rate", version.cacheHitRate());
    members.put("refused", version.refused());
    members.put("overloaded", version.overloaded());
    members.put("expired", version.expired());
    members.put("failed", version.failed());
    version.batches().ifPresent(batches -> members.put("batches", batches(batches)));
    return members;
  }

  private static Map<String, Object> batches(BatchStats batches) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("rows", batches.rows());
    members.put("mean_rows", batches.meanRows());
    members.put("waiting_rows", batches.waitingRows());
    return members;
  }
}
