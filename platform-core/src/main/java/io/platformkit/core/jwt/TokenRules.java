package io.platformkit.core.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.identity.Refusal;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.Optional;
import java.util.Set;

/**
 * What the claims of a token must be once its signature is right; an empty set of issuers or
 * audiences takes any.
 */
record TokenRules(
    Set<String> issuers,
    Set<String> audiences,
    Duration leeway,
    ClaimMapping mapping,
    InstantSource clock) {

  Authentication apply(SignedJWT token) {
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      Date end = claims.getExpirationTime();
      if (end == null) {
        return new Refused(Refusal.CLAIMS);
      }
      Optional<Refusal> refusal = refusal(claims, end.toInstant());
      if (refusal.isPresent()) {
        return new Refused(refusal.get());
      }
      Principal principal = mapping.principal(claims.toJSONObject());
      return new Authenticated(principal, Optional.of(end.toInstant()));
    } catch (ParseException | IllegalArgumentException e) {
      return new Refused(Refusal.CLAIMS);
    }
  }

  private Optional<Refusal> refusal(JWTClaimsSet claims, Instant end) {
    Instant now = clock.instant();
    Date start = claims.getNotBeforeTime();
    if (!issuers.isEmpty()
        && (claims.getIssuer() == null || !issuers.contains(claims.getIssuer()))) {
      return Optional.of(Refusal.ISSUER);
    }
    if (!audiences.isEmpty() && Collections.disjoint(audiences, claims.getAudience())) {
      return Optional.of(Refusal.AUDIENCE);
    }
    if (!now.isBefore(end.plus(leeway))) {
      return Optional.of(Refusal.EXPIRED);
    }
    return start != null && now.plus(leeway).isBefore(start.toInstant())
        ? Optional.of(Refusal.NOT_YET_VALID)
        : Optional.empty();
  }
}
