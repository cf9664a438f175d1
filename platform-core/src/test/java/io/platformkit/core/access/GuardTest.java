package io.platformkit.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.UnavailableException;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Principal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private static final HttpEndpoint WHO =
      request -> Response.text(request.principal().map(Principal::id).orElse("nobody"));

  private final ApiKeys keys = ApiKeys.builder().build();
  private final Access access = Access.builder(keys).build();
  private final String viewer = key("vera", "viewer");
  private final String operator = key("otto", "operator");
  private final String admin = key("ada", "admin");

  private String key(String id, String role) {
    return keys.create(Principal.of(id, role)).secret();
  }

  private static Request.Builder request(String method, String path) {
    return Request.builder(method, URI.create("http://localhost" + path));
  }

  private static int status(Guard guard, String method, String path, String key) throws Exception {
    return guard.handle(request(method, path).header("X-API-Key", key).build()).status();
  }

  private static int status(Guard guard, String method, String path) throws Exception {
    return guard.handle(request(method, path).build()).status();
  }

  @Test
  void withoutRulesWhoeverAsksMayReadAndAdminsChange() throws Exception {
    Guard guard = access.guard(WHO).build();
    for (String reading : new String[] {"GET", "HEAD", "OPTIONS"}) {
      assertThat(status(guard, reading, "/a")).isEqualTo(200);
    }
    for (String changing : new String[] {"POST", "PUT", "PATCH", "DELETE", "TRACE", "get", "X"}) {
      assertThat(status(guard, changing, "/a")).isEqualTo(401);
      assertThat(status(guard, changing, "/a", viewer)).isEqualTo(403);
      assertThat(status(guard, changing, "/a", admin)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /page,             200, 200, 200, 200",
    "GET,    /api,              401, 200, 403, 403",
    "GET,    /api/alerts,       401, 200, 403, 403",
    "GET,    //api/./alerts/,   401, 200, 403, 403",
    "GET,    /%61pi/alerts,     401, 200, 403, 403",
    "HEAD,   /api/alerts,       401, 200, 403, 403",
    "GET,    /api/me,           401, 200, 200, 200",
    "GET,    /apis,             200, 200, 200, 200",
    "POST,   /api/alerts,       401, 403, 200, 403",
    "POST,   /api/alerts/7/ack, 401, 200, 403, 403",
    "POST,   /api/alerts/7,     401, 403, 200, 403",
    "DELETE, /api/alerts/7,     401, 403, 403, 200",
    "POST,   /api/token,        200, 200, 200, 200",
    "POST,   /other,            401, 403, 403, 200"
  })
  void theLongestPathDecides(
      String method, String path, int nobody, int seesViewer, int seesOperator, int seesAdmin)
      throws Exception {
    Guard guard =
        access
            .guard(WHO)
            .reads("/api", Need.role("viewer"))
            .reads("/api/me", Need.known())
            .changes("/api/alerts", Need.role("operator"))
            .changes("/api/alerts/*/ack", Need.role("viewer"))
            .on("DELETE", "/api/alerts", Need.role("admin"))
            .changes("/api/token", Need.open())
            .build();
    assertThat(status(guard, method, path)).isEqualTo(nobody);
    assertThat(status(guard, method, path, viewer)).isEqualTo(seesViewer);
    assertThat(status(guard, method, path, operator)).isEqualTo(seesOperator);
    assertThat(status(guard, method, path, admin)).isEqualTo(seesAdmin);
  }

  @Test
  void theEndpointSeesWhoAsksUnlessItIsOpen() throws Exception {
    Guard guard = access.guard(WHO).reads("/api", Need.known()).build();
    Request known = request("GET", "/api").header("X-API-Key", viewer).build();
    assertThat(new String(guard.handle(known).bytes(), UTF_8)).isEqualTo("vera");
    Request open = request("GET", "/").header("X-API-Key", viewer).build();
    assertThat(new String(guard.handle(open).bytes(), UTF_8)).isEqualTo("nobody");
  }

  @Test
  void oldCredentialsDoNotCloseWhatIsOpen() throws Exception {
    Guard guard = access.guard(WHO).build();
    assertThat(status(guard, "GET", "/", "pk_old")).isEqualTo(200);
  }

  @Test
  void whoIsKnownAlreadyIsNotAskedAgain() throws Exception {
    Guard guard = access.guard(WHO).build();
    Request known = request("POST", "/").principal(Principal.of("outer", "admin")).build();
    assertThat(guard.handle(known).status()).isEqualTo(200);
    Request other = request("POST", "/").principal(Principal.of("outer", "viewer")).build();
    assertThat(guard.handle(other).status()).isEqualTo(403);
  }

  @Test
  void refusalsAreProblemsThatSayNoMoreThanNeeded() throws Exception {
    Guard guard = access.guard(WHO).build();
    Response nothing = guard.handle(request("POST", "/").build());
    assertThat(nothing.header("WWW-Authenticate")).contains("Bearer realm=\"platform\"");
    assertThat(nothing.header("Content-Type")).contains("application/problem+json");
    Response wrong = guard.handle(request("POST", "/").header("X-API-Key", "pk_x").build());
    Response unknown =
        guard.handle(
            request("POST", "/")
                .header("Authorization", "Bearer pk_0123456789abcdef_" + "0".repeat(64))
                .build());
    assertThat(wrong.bytes()).isEqualTo(unknown.bytes());
    assertThat(wrong.header("WWW-Authenticate"))
        .contains("Bearer realm=\"platform\", error=\"invalid_token\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "", "B earer x", "Bää x"})
  void credentialsThatCannotBeReadAreNotValid(String line) throws Exception {
    Guard guard = access.guard(WHO).build();
    Request request = request("POST", "/").header("Authorization", line).build();
    assertThat(guard.handle(request).status()).isIn(400, 401);
  }

  @Test
  void credentialsMustBeShownOnce() throws Exception {
    Guard guard = access.guard(WHO).build();
    Request twice =
        request("POST", "/")
            .header("X-API-Key", admin)
            .header("Authorization", "Bearer " + admin)
            .build();
    assertThat(guard.handle(twice).status()).isEqualTo(400);
  }

  @Test
  void whileAStoreIsAwayNobodyIsRefusedForGood() throws Exception {
    Authenticator broken =
        (credentials, peer) -> {
          throw new UnavailableException("the secret store at db-7 is away");
        };
    Guard guard = Access.builder(broken).build().guard(WHO).build();
    Response answer = guard.handle(request("POST", "/").header("X-API-Key", admin).build());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).contains("1");
    assertThat(new String(answer.bytes(), UTF_8)).doesNotContain("db-7");
  }

  @Test
  void aBrokenAuthenticatorIsTheHostsToKnowAndNotTheCallers() throws Exception {
    List<String> failures = new ArrayList<>();
    Authenticator broken =
        (credentials, peer) -> {
          throw new IllegalStateException("a bug in line 7");
        };
    Guard guard =
        Access.builder(broken)
            .errorHandler((where, failure) -> failures.add(where + ": " + failure.getMessage()))
            .build()
            .guard(WHO)
            .build();
    Response answer = guard.handle(request("POST", "/").header("X-API-Key", admin).build());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(new String(answer.bytes(), UTF_8)).doesNotContain("line 7");
    assertThat(failures).containsExactly("authenticator of apikey credentials: a bug in line 7");
  }

  @Test
  void wrongRulesAreRefusedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            access
                .guard(WHO)
                .reads("api", Need.open())
                .reads("/a", Need.open())
                .reads("/a/", Need.known())
                .changes("/%61", Need.open())
                .build())
        .withMessageContainingAll(
            "path was 'api'", "'reads /a' was already set", "path was '/%61'");
    assertThatIllegalArgumentException().isThrownBy(() -> Need.role());
    assertThatIllegalArgumentException().isThrownBy(() -> Cors.of("*"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cors.of("https://a.example.org/"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cors.of("https://a.example.org:443"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cors.of("null"));
  }
}
