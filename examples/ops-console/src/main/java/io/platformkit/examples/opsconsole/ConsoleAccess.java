package io.platformkit.examples.opsconsole;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.access.Access;
import io.platformkit.core.access.Guard;
import io.platformkit.core.access.KeyAdministration;
import io.platformkit.core.access.Need;
import io.platformkit.core.access.SessionCookie;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.SigningKey;
import io.platformkit.core.jwt.TokenIssuer;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.control.ControlPlane;
import io.platformkit.realtime.server.RealtimeServerBuilder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Who may use the console: whoever has an API key, in a browser by a session of at most eight hours
 * that ends with the console. Everything that tells something needs the role {@code viewer}, and so
 * do predictions, which change nothing; the keys and the stages of models need {@code admin}; the
 * page, which tells nothing, is open.
 */
final class ConsoleAccess implements AutoCloseable {
  static final String VIEWER = "viewer";

  /** Who may receive what is streamed. */
  static final TopicAccess VIEWERS = TopicAccess.role(VIEWER);

  private static final Duration SESSION = Duration.ofHours(8);

  private final ApiKeys keys;
  private final TokenIssuer tokens;
  private final Access access;

  private ConsoleAccess(ApiKeys keys, MeterRegistry registry) {
    this.keys = keys;
    SigningKey own = SigningKey.random();
    TokenIssuer sessions =
        TokenIssuer.builder("ops-console", "ops-console-session", own).lifetime(SESSION).build();
    tokens = TokenIssuer.builder("ops-console", "ops-console-realtime", own).build();
    access =
        Access.builder(keys)
            .session(SessionCookie.builder(keys, sessions).name("ops-console").build())
            .realm("ops-console")
            .meterRegistry(registry)
            .build();
  }

  /**
   * Of the keys of a file; makes the first one if there is none.
   *
   * @param out is told the first key
   */
  static ConsoleAccess of(Path file, MeterRegistry registry, PrintStream out) {
    ApiKeys keys = ApiKeys.builder(file).meterRegistry(registry).build();
    if (keys.list(1).isEmpty()) {
      String secret = keys.create(Principal.of("admin", Guard.ADMIN, VIEWER)).secret();
      out.printf("API key of 'admin', shown this once: %s%n", secret);
    }
    return new ConsoleAccess(keys, registry);
  }

  /** Puts what deals with credentials beside the console's endpoints, and a guard before all. */
  HttpEndpoint guard(Routes.Builder routes) {
    routes
        .post("/api/v1/session/login", access.login())
        .post("/api/v1/session/logout", access.logout())
        .get("/api/v1/session", access.me())
        .mount("/api/v1/keys", KeyAdministration.of(keys));
    return access
        .guard(routes.build())
        .reads("/api", Need.role(VIEWER))
        .reads("/metrics", Need.role(VIEWER))
        .reads("/api/v1/keys", Need.role(Guard.ADMIN))
        .reads("/api/v1/session", Need.known())
        .changes("/api/v1/session", Need.open())
        .changes("/api/v1/connections/login", Need.open())
        .changes("/messages", Need.role(VIEWER))
        .changes("/api/v1/ml/predict", Need.role(VIEWER))
        .changes("/api/v1/open-inference", Need.role(VIEWER))
        .build();
  }

  /** With a login for programs, and notifications for those they are to. */
  ControlPlane control() {
    return ControlPlane.builder().login(access.tokenTrade(keys, tokens)).watchers(VIEWERS).build();
  }

  /** Lets in, to whatever is streamed, whoever the guard would let read. */
  RealtimeServerBuilder guard(RealtimeServerBuilder server) {
    return server
        .authenticator(Authenticator.firstOf(access.visitors(), tokens.authenticator()))
        .credentials(access::credentials)
        .topic("*", TopicOptions.builder().subscribers(VIEWERS).build());
  }

  @Override
  public void close() {
    keys.close();
  }
}
