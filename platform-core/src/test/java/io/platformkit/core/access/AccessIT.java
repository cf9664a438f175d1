package io.platformkit.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.Json;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.AttemptLimit;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.NewApiKey;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.SigningKey;
import io.platformkit.core.jwt.TokenIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AccessIT {
  private static final String KEYS = "/access/keys";
  private static final String PAGE = "https://page.example.org";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ApiKeys keys = ApiKeys.builder().build();
  private final SigningKey signing = SigningKey.random();
  private final TokenIssuer tokens = TokenIssuer.builder("test", "api", signing).build();
  private final SessionCookie cookie =
      SessionCookie.builder(keys, TokenIssuer.builder("test", "session", signing).build()).build();
  private final Access access =
      Access.builder(Authenticator.firstOf(keys, tokens.authenticator()))
          .session(cookie)
          .cors(Cors.of(PAGE))
          .limit(AttemptLimit.builder().attempts(5).refill(Duration.ofHours(1)).build())
          .meterRegistry(meters)
          .build();
  private final Routes routes =
      Routes.builder()
          .get("/", request -> Response.text("page"))
          .get("/things", request -> Response.text("things"))
          .post("/things", request -> Response.status(204))
          .get("/access/me", access.me())
          .post("/access/token", access.tokenTrade(keys, tokens))
          .post("/access/login", access.login())
          .post("/access/logout", access.logout())
          .mount(KEYS, KeyAdministration.of(keys))
          .build();
  private final Guard guard =
      access
          .guard(routes)
          .reads("/things", Need.role("viewer", "admin"))
          .reads("/access/me", Need.known())
          .reads(KEYS, Need.role("admin"))
          .changes("/access/token", Need.open())
          .changes("/access/login", Need.open())
          .changes("/access/logout", Need.open())
          .build();
  private final JdkHttpServer server =
      JdkHttpServer.builder(guard).trustedProxies(InetAddress::isLoopbackAddress).build();
  private final HttpClient client = HttpClient.newHttpClient();
  private final NewApiKey admin = keys.create(Principal.of("ada", "admin"));
  private final NewApiKey viewer = keys.create(Principal.of("vera", "viewer"));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private Map<String, @Nullable Object> json(HttpResponse<String> answer) {
    return Json.standard().decodeObject(answer.body().getBytes(UTF_8));
  }

  private String token(NewApiKey key) throws Exception {
    var answer = send("POST", "/access/token", "", "X-API-Key", key.secret());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    return String.valueOf(json(answer).get("access_token"));
  }

  @Nested
  class Tokens {
    @Test
    void aKeyIsTradedForATokenThatWorksAsItself() throws Exception {
      String bearer = "Bearer " + token(viewer);
      assertThat(send("GET", "/things", "", "Authorization", bearer).body()).isEqualTo("things");
      assertThat(send("POST", "/things", "", "Authorization", bearer).statusCode()).isEqualTo(403);
      assertThat(send("GET", "/access/me", "", "Authorization", bearer).body())
          .isEqualTo("{\"id\":\"vera\",\"roles\":[\"viewer\"]}");
    }

    @Test
    void aTokenIsNotTradedForAnother() throws Exception {
      var answer = send("POST", "/access/token", "", "Authorization", "Bearer " + token(viewer));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(send("POST", "/access/token", "").statusCode()).isEqualTo(401);
    }

    @Test
    void aLongHeaderIsRefusedUnread() throws Exception {
      var answer = send("GET", "/things", "", "Authorization", "Bearer " + "x".repeat(300_000));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(
              meters
                  .counter(
                      "platform.core.identity.attempts", "outcome", "refused", "reason", "too-long")
                  .count())
          .isEqualTo(1);
    }

    @Test
    void aHeaderOfAMegabyteHarmsNobody() throws Exception {
      int status;
      try {
        String huge = "Bearer " + "x".repeat(1 << 20);
        status = send("GET", "/things", "", "Authorization", huge).statusCode();
      } catch (IOException e) {
        status = 400; // the JDK's server ends the connection in mid-head
      }
      assertThat(status).isBetween(400, 499);
      assertThat(send("GET", "/", "").body()).isEqualTo("page");
    }
  }

  @Nested
  class Keys {
    @Test
    void anAdminMakesListsAndRevokesThem() throws Exception {
      var made =
          send(
              "POST",
              KEYS,
              "{\"owner\":\"ron\",\"roles\":[\"viewer\"],\"expires_at\":\"2099-01-01T00:00:00Z\"}",
              "X-API-Key",
              admin.secret());
      assertThat(made.statusCode()).isEqualTo(201);
      String secret = String.valueOf(json(made).get("secret"));
      String id = String.valueOf(json(made).get("id"));
      assertThat(send("GET", "/things", "", "X-API-Key", secret).statusCode()).isEqualTo(200);
      var listed = send("GET", KEYS + "?limit=3", "", "X-API-Key", admin.secret());
      assertThat(listed.body()).contains(id, "ron", "2099-01-01").doesNotContain(secret);
      String path = KEYS + "/" + id;
      assertThat(send("DELETE", path, "", "X-API-Key", admin.secret()).statusCode()).isEqualTo(204);
      assertThat(send("DELETE", path, "", "X-API-Key", admin.secret()).statusCode()).isEqualTo(404);
      assertThat(send("GET", "/things", "", "X-API-Key", secret).statusCode()).isEqualTo(401);
    }

    @Test
    void nobodyElseDoes() throws Exception {
      for (String method : new String[] {"GET", "POST", "DELETE"}) {
        assertThat(send(method, KEYS, "").statusCode()).isEqualTo(401);
        assertThat(send(method, KEYS, "", "X-API-Key", viewer.secret()).statusCode())
            .isEqualTo(403);
      }
    }

    @Test
    void anAdminOfATenantDealsWithThatTenantAlone() throws Exception {
      String north =
          keys.create(Principal.of("nora", "admin", "viewer").ofTenant("north")).secret();
      assertThat(create(north, "{\"owner\":\"n\",\"roles\":[\"viewer\"]}")).isEqualTo(201);
      assertThat(create(north, "{\"owner\":\"n\",\"roles\":[\"root\"]}")).isEqualTo(403);
      assertThat(create(north, "{\"owner\":\"n\",\"roles\":[],\"tenant\":\"south\"}"))
          .isEqualTo(403);
      assertThat(send("GET", KEYS, "", "X-API-Key", north).body())
          .contains("nora")
          .doesNotContain("vera");
      String path = KEYS + "/" + viewer.key().id();
      assertThat(send("DELETE", path, "", "X-API-Key", north).statusCode()).isEqualTo(404);
      assertThat(keys.find(viewer.key().id())).isPresent();
    }

    @Test
    void whatMakesNoKeyIsRefused() throws Exception {
      assertThat(create(admin.secret(), "{\"owner\":\"x\"}")).isEqualTo(400);
      assertThat(create(admin.secret(), "{\"owner\":\"x\",\"roles\":[null]}")).isEqualTo(400);
      assertThat(create(admin.secret(), "{\"owner\":\"x\",\"roles\":[\"a b\"]}")).isEqualTo(400);
      assertThat(
              create(
                  admin.secret(),
                  "{\"owner\":\"x\",\"roles\":[],\"expires_at\":\"2000-01-01T00:00:00Z\"}"))
          .isEqualTo(400);
      assertThat(create(admin.secret(), "{")).isEqualTo(400);
    }

    private int create(String key, String body) throws Exception {
      return send("POST", KEYS, body, "X-API-Key", key).statusCode();
    }
  }

  @Nested
  class Browsers {
    private String login(NewApiKey key) throws Exception {
      var answer =
          send(
              "POST",
              "/access/login",
              "{\"key\":\"" + key.secret() + "\"}",
              "Sec-Fetch-Site",
              "same-origin");
      assertThat(answer.statusCode()).isEqualTo(200);
      String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(set).contains("; Path=/;", "Max-Age=", "; HttpOnly; SameSite=Strict");
      return set.substring(0, set.indexOf(';'));
    }

    @Test
    void aSessionReadsAndChangesFromItsOwnOrigin() throws Exception {
      String session = login(admin);
      assertThat(send("GET", "/access/me", "", "Cookie", "a=b; " + session).body())
          .contains("\"ada\"");
      String origin = server.uri().toString().replaceFirst("/$", "");
      assertThat(change(session, "Origin", origin)).isEqualTo(204);
      assertThat(change(session, "Sec-Fetch-Site", "same-origin")).isEqualTo(204);
    }

    @Test
    void otherSitesChangeNothingWithIt() throws Exception {
      String session = login(admin);
      assertThat(change(session, "Origin", "https://evil.example.org")).isEqualTo(403);
      assertThat(change(session, "Origin", PAGE)).isEqualTo(403);
      assertThat(change(session, "Origin", "null")).isEqualTo(403);
      assertThat(change(session, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
      assertThat(change(session, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
      assertThat(change(session, "X-None", "x")).isEqualTo(403);
    }

    private int change(String session, String header, String value) throws Exception {
      return send("POST", "/things", "", "Cookie", session, header, value).statusCode();
    }

    @Test
    void aSessionIsNoBearerTokenAndABearerTokenNoSession() throws Exception {
      String session = login(viewer);
      String text = session.substring(session.indexOf('=') + 1);
      assertThat(send("GET", "/things", "", "Authorization", "Bearer " + text).statusCode())
          .isEqualTo(401);
      String swapped = "platform-session=" + token(viewer);
      assertThat(send("GET", "/things", "", "Cookie", swapped).statusCode()).isEqualTo(401);
    }

    @Test
    void twoSessionsInOneRequestAreRefused() throws Exception {
      String both = login(viewer) + "; " + login(admin);
      assertThat(send("GET", "/things", "", "Cookie", both).statusCode()).isEqualTo(400);
    }

    @Test
    void behindTlsTheCookieIsForTlsAlone() throws Exception {
      var answer =
          send(
              "POST",
              "/access/login",
              "{\"key\":\"" + viewer.secret() + "\"}",
              "Sec-Fetch-Site",
              "same-origin",
              "X-Forwarded-Proto",
              "https");
      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).endsWith("; Secure");
    }

    @Test
    void loggingOutTakesTheCookieAway() throws Exception {
      var answer = send("POST", "/access/logout", "", "Sec-Fetch-Site", "same-origin");
      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
          .startsWith("platform-session=;")
          .contains("Max-Age=0");
    }

    @Test
    void otherSitesNeitherLogInNorOut() throws Exception {
      String body = "{\"key\":\"" + viewer.secret() + "\"}";
      assertThat(send("POST", "/access/login", body).statusCode()).isEqualTo(403);
      assertThat(
              send("POST", "/access/logout", "", "Origin", "https://evil.example.org").statusCode())
          .isEqualTo(403);
    }

    @Test
    void aWrongKeyDoesNotLogIn() throws Exception {
      for (String body : new String[] {"{\"key\":\"pk_x\"}", "{\"key\":\"\"}"}) {
        assertThat(
                send("POST", "/access/login", body, "Sec-Fetch-Site", "same-origin").statusCode())
            .isEqualTo(401);
      }
      assertThat(send("POST", "/access/login", "{}", "Sec-Fetch-Site", "same-origin").statusCode())
          .isEqualTo(400);
    }
  }

  @Nested
  class OtherOrigins {
    @Test
    void aPageThatIsNamedMayAskAndRead() throws Exception {
      var preflight =
          send("OPTIONS", "/things", "", "Origin", PAGE, "Access-Control-Request-Method", "POST");
      assertThat(preflight.statusCode()).isEqualTo(204);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
          .contains("Authorization");
      var refusal = send("GET", "/things", "", "Origin", PAGE);
      assertThat(refusal.statusCode()).isEqualTo(401);
      assertThat(refusal.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
      assertThat(refusal.headers().allValues("Vary")).contains("Origin");
      assertThat(refusal.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    void anyOtherMayNot() throws Exception {
      for (String other :
          new String[] {"https://page.example.org.evil.org", "http://page.example.org", "null"}) {
        var preflight =
            send(
                "OPTIONS", "/things", "", "Origin", other, "Access-Control-Request-Method", "POST");
        assertThat(preflight.statusCode()).isEqualTo(403);
        var answer = send("GET", "/", "", "Origin", other);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.headers().allValues("Vary")).contains("Origin");
      }
    }
  }

  @Test
  void anAddressWithTooManyWrongKeysWaitsAndOthersGoOn() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(from("203.0.113.9", "pk_guess" + i).statusCode()).isEqualTo(401);
    }
    HttpResponse<String> refused = from("203.0.113.9", viewer.secret());
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(3590, 3600);
    assertThat(from("203.0.113.10", viewer.secret()).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/", "", "X-Forwarded-For", "203.0.113.9").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> from(String address, String key) throws Exception {
    return send("GET", "/things", "", "X-Forwarded-For", address, "X-API-Key", key);
  }
}
