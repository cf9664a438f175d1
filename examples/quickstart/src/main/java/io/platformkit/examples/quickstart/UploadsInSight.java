package io.platformkit.examples.quickstart;

import io.platformkit.core.http.Routes;
import io.platformkit.realtime.control.ControlPlane;
import io.platformkit.realtime.control.Progress;
import io.platformkit.realtime.server.RealtimeServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The paths that any host may mount, and an upload that a browser watches. */
public final class UploadsInSight {
  private UploadsInSight() {}

  /** Starts a server, reports, and prints what {@code GET /upload/7/progress} says. */
  public static void main(String[] args) throws Exception {
    // @start region="control"
    var control = ControlPlane.builder().anybodysNotifications().build(); // nobody is asked here

    try (var server =
        control
            .addTo(RealtimeServer.builder().port(0)) // its streams, and their topics
            .mountWith(
                "/", built -> control.addTo(Routes.builder(), built).build()) // its endpoints
            .build()) {
      server.start();
      var progress = new Progress(server);
      progress.report("7", 40, "encoding").join();
      progress.report("7", 100, "complete").join(); // the stream ends here
      watch(server.uri().resolve("/upload/7/progress"));
    }
    // @end
  }

  private static void watch(URI stream) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(HttpRequest.newBuilder(stream).build(), HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("data: {\"percentage\""))
          .forEach(System.out::println);
    }
  }
}
