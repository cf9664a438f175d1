package io.platformkit.core.access;

import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.KeySet;
import java.net.URI;
import java.util.concurrent.Callable;

/** What a host does that has no library for tokens; says what came of it. */
public final class WithoutTokens implements Callable<String> {
  /** For the loader that lacks the library. */
  public WithoutTokens() {}

  @Override
  public String call() throws Exception {
    try (ApiKeys keys = ApiKeys.builder().build()) {
      String key = keys.create(Principal.of("ada", "admin")).secret();
      Guard guard = Access.builder(keys).build().guard(request -> Response.status(204)).build();
      Request request =
          Request.builder("POST", URI.create("http://localhost/")).header("X-API-Key", key).build();
      return guard.handle(request).status() + " " + refusal();
    }
  }

  private static String refusal() {
    try {
      return "made " + KeySet.ofSecret("s", new byte[32]);
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
