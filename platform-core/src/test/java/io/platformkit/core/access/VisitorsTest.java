package io.platformkit.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.http.Request;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.SigningKey;
import io.platformkit.core.jwt.TokenIssuer;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who opens a session of a realtime server. */
class VisitorsTest {
  private final ApiKeys keys = ApiKeys.builder().build();
  private final TokenIssuer sessions =
      TokenIssuer.builder("test", "session", SigningKey.random()).build();
  private final Access access =
      Access.builder(keys).session(SessionCookie.builder(keys, sessions).build()).build();

  private String session(String id) {
    return sessions
        .issue(new Authentication.Authenticated(Principal.of(id), Optional.empty()))
        .text();
  }

  private static Request request(String head, String value) {
    return Request.builder("GET", URI.create("http://localhost/ws")).header(head, value).build();
  }

  private Authentication ask(Credentials shown) throws Exception {
    return access.visitors().authenticate(shown, InetAddress.getLoopbackAddress());
  }

  private Optional<String> visitor(Request request) throws Exception {
    Optional<Credentials> shown = access.credentials(request);
    return shown.isPresent()
            && ask(shown.get()) instanceof Authentication.Authenticated authenticated
        ? Optional.of(authenticated.principal().id())
        : Optional.empty();
  }

  @Test
  void aSessionsCookieIsAVisitors() throws Exception {
    String cookie = "other=1; platform-session=" + session("ann");

    assertThat(visitor(request("Cookie", cookie))).contains("ann");
  }

  @Test
  void aHeadGoesBeforeACookie() throws Exception {
    Request both =
        Request.builder("GET", URI.create("http://localhost/ws"))
            .header("Cookie", "platform-session=" + session("ann"))
            .header("X-API-Key", keys.create(Principal.of("bob")).secret())
            .build();

    assertThat(visitor(both)).contains("bob");
  }

  @Test
  void twoCookiesAreNobodys() throws Exception {
    String cookies =
        "platform-session=%s; platform-session=%s".formatted(session("ann"), session("bob"));

    assertThat(access.credentials(request("Cookie", cookies))).isEmpty();
  }

  @Test
  void aSessionsTokenIsNoBearerToken() throws Exception {
    assertThat(ask(Credentials.bearer(session("ann"))))
        .isNotInstanceOf(Authentication.Authenticated.class);
  }

  @Test
  void aForgedCookieIsRefused() throws Exception {
    assertThat(visitor(request("Cookie", "platform-session=eyJ.eyJ.x"))).isEmpty();
  }
}
