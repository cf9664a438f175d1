package io.platformkit.examples.quickstart;

import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authentication.Throttled;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.SigningKey;
import io.platformkit.core.jwt.TokenIssuer;
import java.net.InetAddress;
import java.time.Duration;

/** A key traded for a token, without any server. */
public final class ShortLivedTokens {
  private ShortLivedTokens() {}

  /** Prints what becomes of a token, and of one that was changed. */
  public static void main(String[] args) throws Exception {
    // @start region="tokens"
    var keys = ApiKeys.builder().build();
    var issuer =
        TokenIssuer.builder("shop", "shop-api", SigningKey.random())
            .lifetime(Duration.ofMinutes(5))
            .build();
    Authenticator either = Authenticator.firstOf(keys, issuer.authenticator());

    var key = Credentials.apiKey(keys.create(Principal.of("ana", "clerk")).secret());
    if (either.authenticate(key, InetAddress.getLoopbackAddress()) instanceof Authenticated ana) {
      String token = issuer.issue(ana).text();
      print(either, token);
      print(either, token.substring(0, token.length() - 9));
    }
    // @end
  }

  private static void print(Authenticator either, String token) throws Exception {
    var outcome = either.authenticate(Credentials.bearer(token), InetAddress.getLoopbackAddress());
    System.out.println(
        switch (outcome) {
          case Authenticated who -> who.principal().id() + " " + who.principal().roles();
          case Refused refused -> "refused: " + refused.reason().text();
          case Throttled later -> "later";
          case Absent unknown -> "not ours";
        });
  }
}
