package io.platformkit.examples.quickstart;

import io.platformkit.core.access.Access;
import io.platformkit.core.access.KeyAdministration;
import io.platformkit.core.access.Need;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Principal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** API keys, and a guard that says what each path needs. */
public final class WhoMayCall {
  private WhoMayCall() {}

  /** Asks without a key, with a wrong one and with a right one. */
  public static void main(String[] args) throws IOException, InterruptedException {
    // @start region="access"
    var keys = ApiKeys.builder().build(); // or of a file, or of a KeyValueStore
    var access = Access.builder(keys).build();
    var routes =
        Routes.builder()
            .get("/", request -> Response.text("the page"))
            .get("/orders", request -> Response.text("two orders"))
            .mount("/keys", KeyAdministration.of(keys))
            .build();
    var guarded =
        access
            .guard(routes) // whoever asks may read, admins may change
            .reads("/orders", Need.role("clerk"))
            .reads("/keys", Need.role("admin"))
            .build();

    try (var server = JdkHttpServer.builder(guarded).build()) {
      server.start();
      String clerk = keys.create(Principal.of("nightly-report", "clerk")).secret();
      print(server.uri().resolve("/"), "none");
      print(server.uri().resolve("/orders"), "pk_guessed");
      print(server.uri().resolve("/orders"), clerk);
      print(server.uri().resolve("/keys"), clerk);
    }
    // @end
  }

  private static void print(URI uri, String key) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri).header("X-API-Key", key).build();
      var answer = client.send(request, BodyHandlers.ofString());
      System.out.println(answer.statusCode() + " " + answer.body());
    }
  }
}
