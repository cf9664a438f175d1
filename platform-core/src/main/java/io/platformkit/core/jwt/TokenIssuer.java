package io.platformkit.core.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.platformkit.core.Given;
import io.platformkit.core.Ids;
import io.platformkit.core.PlatformException;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Makes short-lived tokens for callers that have shown something better. Safe for concurrent use.
 *
 * <p>A token cannot be taken back: when an API key is revoked, the tokens that it was traded for
 * live on until their end, {@link Builder#lifetime} at most.
 */
public final class TokenIssuer {
  private static final Duration LEEWAY = Duration.ofSeconds(5);

  private final String issuer;
  private final String audience;
  private final SigningKey key;
  private final Duration lifetime;
  private final InstantSource clock;
  private final Ids ids = Ids.create();

  private TokenIssuer(Builder options) {
    issuer = options.issuer;
    audience = options.audience;
    key = options.key;
    lifetime = options.lifetime;
    clock = options.clock;
  }

  /**
   * Starts with all defaults.
   *
   * @param issuer who we are, the claim {@code iss}
   * @param audience whom tokens are for, the claim {@code aud}
   */
  public static Builder builder(String issuer, String audience, SigningKey key) {
    return new Builder(issuer, audience, key);
  }

  /** A token for a caller; it ends no later than what the caller has shown. */
  public IssuedToken issue(Authenticated caller) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plus(lifetime);
    Instant expiresAt = caller.expiresAt().filter(end::isAfter).orElse(end);
    SignedJWT token = new SignedJWT(header(), claims(caller.principal(), now, expiresAt));
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new PlatformException("no token was signed with key '%s'".formatted(key.id()), e);
    }
    return new IssuedToken(token.serialize(), expiresAt.truncatedTo(ChronoUnit.SECONDS));
  }

  private JWSHeader header() {
    return new JWSHeader.Builder(key.algorithm().jose()).keyID(key.id()).build();
  }

  private JWTClaimsSet claims(Principal principal, Instant now, Instant expiresAt) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .audience(audience)
            .subject(principal.id())
            .claim("roles", List.copyOf(principal.roles()))
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt))
            .jwtID(ids.next().toString());
    principal.tenant().ifPresent(tenant -> claims.claim("tenant", tenant));
    return claims.build();
  }

  /** Checks the tokens that this makes, with 5 seconds for clocks that differ. */
  public JwtAuthenticator authenticator() {
    return JwtAuthenticator.builder(key.keySet(), key.algorithm())
        .issuer(issuer)
        .audience(audience)
        .leeway(LEEWAY)
        .maxLength(65_536)
        .clock(clock)
        .build();
  }

  /** What is there to check tokens with: a public key, or the secret itself. */
  public KeySet keySet() {
    return key.keySet();
  }

  /** How long a token lives at most. */
  public Duration lifetime() {
    return lifetime;
  }

  /** What time it is for tokens. */
  public InstantSource clock() {
    return clock;
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private final String issuer;
    private final String audience;
    private final SigningKey key;
    private final Set<String> given = new HashSet<>();
    private Duration lifetime = Duration.ofMinutes(15);
    private InstantSource clock = InstantSource.system();

    private Builder(String issuer, String audience, SigningKey key) {
      this.issuer = Objects.requireNonNull(issuer, "issuer");
      this.audience = Objects.requireNonNull(audience, "audience");
      this.key = Objects.requireNonNull(key, "key");
    }

    /** How long a token lives, from 1 second to 24 hours. Default: 15 minutes. */
    public Builder lifetime(Duration lifetime) {
      Given.once(given, "lifetime");
      this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
      return this;
    }

    /** What time it is. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public TokenIssuer build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "issuer", issuer, !issuer.isBlank(), "a name");
      Given.require(faults, "audience", audience, !audience.isBlank(), "a name");
      Given.requireSpan(faults, "lifetime", lifetime, Duration.ofSeconds(1), Duration.ofHours(24));
      Given.refuse(faults);
      return new TokenIssuer(this);
    }
  }
}
