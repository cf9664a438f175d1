package io.platformkit.examples.modelserver;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.access.Access;
import io.platformkit.core.access.Guard;
import io.platformkit.core.access.KeyAdministration;
import io.platformkit.core.access.Need;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Principal;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Who may use the server: whoever has an API key may look, with the role {@code predict} also ask,
 * with {@code admin} also change. Whether it is alive is for everybody.
 */
final class ServerAccess implements AutoCloseable {
  static final String PREDICT = "predict";

  private final ApiKeys keys;
  private final Access access;

  private ServerAccess(ApiKeys keys, MeterRegistry registry) {
    this.keys = keys;
    access = Access.builder(keys).realm("model-server").meterRegistry(registry).build();
  }

  /**
   * Of the keys of a file; makes the first one if there is none.
   *
   * @param out is told the first key
   */
  static ServerAccess of(Path file, MeterRegistry registry, PrintStream out) {
    ApiKeys keys = ApiKeys.builder(file).meterRegistry(registry).build();
    if (keys.list(1).isEmpty()) {
      String secret = keys.create(Principal.of("admin", Guard.ADMIN, PREDICT)).secret();
      out.printf("API key of 'admin', shown this once: %s%n", secret);
    }
    return new ServerAccess(keys, registry);
  }

  /** Puts the administration of keys beside the endpoints, and a guard before all. */
  HttpEndpoint guard(Routes.Builder routes) {
    routes.mount("/api/v1/keys", KeyAdministration.of(keys));
    return access
        .guard(routes.build()) // every other change needs the role admin
        .reads("/", Need.known())
        .reads("/health", Need.open())
        .reads("/v2/health", Need.open())
        .reads("/api/v1/keys", Need.role(Guard.ADMIN))
        .changes("/predict", Need.role(PREDICT))
        .changes("/v1/models", Need.role(PREDICT))
        .changes("/v2/models", Need.role(PREDICT))
        .build();
  }

  @Override
  public void close() {
    keys.close();
  }
}
