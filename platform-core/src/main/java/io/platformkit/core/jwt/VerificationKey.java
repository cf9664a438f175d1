package io.platformkit.core.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key that signatures are checked with.
 *
 * @param declared the one algorithm that the key is for, if it says so
 */
record VerificationKey(
    Optional<String> id, Optional<JWSAlgorithm> declared, boolean shared, JWSVerifier verifier) {
  private static final int MAX_KEYS = 100;
  private static final int LEAST_RSA_BITS = 2048;

  boolean fits(JWSAlgorithm algorithm) {
    return verifier.supportedJWSAlgorithms().contains(algorithm)
        && declared.map(algorithm::equals).orElse(true);
  }

  /**
   * The usable keys of a JSON Web Key Set, RFC 7517: those of kinds that are not known here, those
   * that are not for signatures and those that are too weak are left out, as 5 says.
   *
   * @param shared whether secrets count; one that was fetched is none
   * @throws IllegalArgumentException if it is no set, or none of its keys can be used; the message
   *     holds nothing of it
   */
  static List<VerificationKey> parse(byte[] json, boolean shared) {
    List<VerificationKey> usable = new ArrayList<>();
    try {
      List<JWK> keys = JWKSet.parse(new String(json, StandardCharsets.UTF_8)).getKeys();
      if (keys.size() > MAX_KEYS) {
        throw new IllegalArgumentException(
            "a key set must have at most %d keys".formatted(MAX_KEYS));
      }
      for (JWK key : keys) {
        of(key).filter(each -> shared || !each.shared()).ifPresent(usable::add);
      }
    } catch (ParseException | IllegalStateException e) {
      throw new IllegalArgumentException("it is no JSON Web Key Set"); // the cause quotes it
    }
    if (usable.isEmpty()) {
      throw new IllegalArgumentException("it has no key that can be used");
    }
    return List.copyOf(usable);
  }

  static VerificationKey ofSecret(String id, byte[] secret) {
    return strong(new OctetSequenceKey.Builder(secret).keyID(id).build());
  }

  static VerificationKey ofPublicKey(String id, PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> strong(new RSAKey.Builder(rsa).keyID(id).build());
      case ECPublicKey ec ->
          strong(new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).keyID(id).build());
      case EdECPublicKey ed ->
          new VerificationKey(Optional.of(id), Optional.empty(), false, new Ed25519Verifier(ed));
      default ->
          throw new IllegalArgumentException(
              "key was of '%s' but it must be RSA, EC or Ed25519".formatted(key.getAlgorithm()));
    };
  }

  private static VerificationKey strong(JWK key) {
    return of(key)
        .orElseThrow(
            () -> new IllegalArgumentException("key must be strong enough for signatures"));
  }

  /** Empty if the key is not for us. */
  private static Optional<VerificationKey> of(JWK key) {
    boolean other = key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE);
    try {
      return other
          ? Optional.empty()
          : verifier(key)
              .map(verifier ->
                  new VerificationKey(
                      Optional.ofNullable(key.getKeyID()),
                      Optional.ofNullable(key.getAlgorithm())
                          .map(named -> JWSAlgorithm.parse(named.getName())),
                      key instanceof OctetSequenceKey,
                      verifier));
    } catch (JOSEException e) {
      return Optional.empty(); // too weak, or no point of its curve
    }
  }

  private static Optional<JWSVerifier> verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa when rsa.size() >= LEAST_RSA_BITS ->
          Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
      case ECKey ec
          when Curve.forJWSAlgorithm(JWSAlgorithm.ES256).contains(ec.getCurve())
              || Curve.forJWSAlgorithm(JWSAlgorithm.ES384).contains(ec.getCurve())
              || Curve.forJWSAlgorithm(JWSAlgorithm.ES512).contains(ec.getCurve()) ->
          Optional.of(new ECDSAVerifier(ec.toECPublicKey()));
      case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
          Optional.of(Ed25519Verifier.of(pair.getDecodedX()));
      case OctetSequenceKey secret -> Optional.of(new MACVerifier(secret.toByteArray()));
      default -> Optional.empty();
    };
  }
}
