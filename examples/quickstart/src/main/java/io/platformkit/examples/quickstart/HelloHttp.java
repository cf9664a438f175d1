package io.platformkit.examples.quickstart;

import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.http.StaticFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Endpoints on the server of the JDK: a route, a problem, and files from the class path. */
public final class HelloHttp {
  private HelloHttp() {}

  /** What is answered, as JSON. */
  record Thing(String id, String name) {}

  /** Serves on a free port and asks itself three times. */
  public static void main(String[] args) throws IOException, InterruptedException {
    // @start region="http"
    var things = Map.of("7", "a lamp");
    var routes =
        Routes.builder()
            .get(
                "/things/{id}",
                request -> {
                  String id = request.pathVariable("id");
                  if (!things.containsKey(id)) {
                    throw Problem.of(404, "there is no thing '" + id + "'").toException();
                  }
                  return Response.json(new Thing(id, things.get(id)));
                })
            .mount("/page", StaticFiles.builder("hello-page").build())
            .build();

    try (var server = JdkHttpServer.builder(routes).build()) { // 127.0.0.1, a free port
      server.start();
      print(server.uri().resolve("/things/7"));
      print(server.uri().resolve("/things/8"));
      print(server.uri().resolve("/page/"));
    }
    // @end
  }

  private static void print(URI uri) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      System.out.println(answer.statusCode() + " " + answer.body().strip());
    }
  }
}
