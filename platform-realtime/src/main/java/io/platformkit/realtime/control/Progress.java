package io.platformkit.realtime.control;

import io.platformkit.realtime.Message;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.topics.Published;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * How far uploads are, or whatever else takes its time: what {@code GET /upload/{id}/progress}
 * streams. Safe for concurrent use.
 *
 * <pre>{@code
 * progress.report("7", 40, "encoding");
 * }</pre>
 */
public final class Progress {
  static final String DONE = "done";

  private final RealtimeServer server;

  /** Of a server with a control plane. */
  public Progress(RealtimeServer server) {
    this.server = Objects.requireNonNull(server, "server");
  }

  /**
   * Tells whoever watches.
   *
   * @param id of the upload
   * @param percentage from 0 to 100, which is the last report
   * @param status in a word: {@code "encoding"}
   * @return completes when it is stored
   * @throws IllegalArgumentException if the percentage is out of range, or the id no name
   */
  public CompletableFuture<Published> report(String id, int percentage, String status) {
    if (percentage < 0 || percentage > 100) {
      throw new IllegalArgumentException(
          "percentage was '%d' but it must be from 0 to 100".formatted(percentage));
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("percentage", percentage);
    report.put("status", Objects.requireNonNull(status, "status"));
    String type = percentage == 100 ? DONE : "progress";
    return server.publish(ControlPlane.UPLOADS + id, Message.of(type, report));
  }
}
