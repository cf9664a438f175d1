package io.platformkit.core.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.SettableClock;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.AuthenticatorContract;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.identity.Refusal;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenIssuerTest extends AuthenticatorContract {
  private final SettableClock clock = SettableClock.create();
  private final TokenIssuer issuer = issuer("api", SigningKey.random());
  private final IssuedToken token = issuer.issue(known(Optional.empty()));

  private TokenIssuer issuer(String audience, SigningKey key) {
    return TokenIssuer.builder("ops", audience, key).clock(clock).build();
  }

  private Authenticated known(Optional<Instant> expiresAt) {
    return new Authenticated(owner(), expiresAt);
  }

  @Override
  protected Authenticator authenticator() {
    return issuer.authenticator();
  }

  @Override
  protected Credentials right() {
    return Credentials.bearer(token.text());
  }

  @Override
  protected Principal owner() {
    return Principal.of("ana", "reader", "writer").ofTenant("north");
  }

  @Test
  void aTokenLivesFor15MinutesAndSecondsForClocks() {
    assertThat(token.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(15)));
    clock.advance(Duration.ofMinutes(15).plusSeconds(4));
    assertThat(issuer.authenticator().authenticate(right(), PEER))
        .isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(issuer.authenticator().authenticate(right(), PEER))
        .isEqualTo(new Refused(Refusal.EXPIRED));
  }

  @Test
  void aTokenEndsNoLaterThanWhatItWasTradedFor() {
    Instant end = clock.instant().plusSeconds(60);
    assertThat(issuer.issue(known(Optional.of(end))).expiresAt()).isEqualTo(end);
    Instant late = clock.instant().plus(Duration.ofDays(1));
    assertThat(issuer.issue(known(Optional.of(late))).expiresAt()).isBefore(late);
  }

  @Test
  void aTokenForSomebodyElseIsRefused() {
    SigningKey key = SigningKey.random();
    IssuedToken session = issuer("session", key).issue(known(Optional.empty()));
    assertThat(
            issuer("api", key)
                .authenticator()
                .authenticate(Credentials.bearer(session.text()), PEER))
        .isEqualTo(new Refused(Refusal.AUDIENCE));
  }

  @Test
  void keyPairsSignToo() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    for (KeyPair pair : new KeyPair[] {Tokens.RSA, generator.generateKeyPair()}) {
      TokenIssuer signing = issuer("api", SigningKey.pair("p", pair));
      IssuedToken made = signing.issue(known(Optional.empty()));
      assertThat(signing.authenticator().authenticate(Credentials.bearer(made.text()), PEER))
          .isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void nothingShowsATokenOrAKey() {
    assertThat(token.toString()).doesNotContain(token.text());
    assertThat(SigningKey.secret("s", new byte[32]).toString()).isEqualTo("signing key s");
  }

  @Test
  void wrongOptionsAreRefusedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TokenIssuer.builder("", " ", SigningKey.random()).lifetime(Duration.ZERO).build())
        .withMessageContainingAll("issuer was ''", "audience was ' '", "lifetime was 'PT0S'");
  }
}
