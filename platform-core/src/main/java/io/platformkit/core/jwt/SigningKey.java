package io.platformkit.core.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.HexFormat;

/** What a {@link TokenIssuer} signs with. Its {@link #toString} shows the id alone. */
public final class SigningKey {
  private static final int SECRET_BYTES = 32;

  private final String id;
  private final JwtAlgorithm algorithm;
  private final JWSSigner signer;
  private final KeySet keySet;

  private SigningKey(String id, JwtAlgorithm algorithm, JWSSigner signer, KeySet keySet) {
    this.id = id;
    this.algorithm = algorithm;
    this.signer = signer;
    this.keySet = keySet;
  }

  /** A secret of this process: its tokens end with it. */
  public static SigningKey random() {
    var random = new SecureRandom();
    byte[] id = new byte[8];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    return secret(HexFormat.of().formatHex(id), secret);
  }

  /**
   * HS256 with a secret of at least 32 random bytes that all nodes share.
   *
   * @param id what tokens name as {@code kid}
   */
  public static SigningKey secret(String id, byte[] secret) {
    KeySet keySet = KeySet.ofSecret(id, secret);
    try {
      return new SigningKey(id, JwtAlgorithm.HS256, new MACSigner(secret), keySet);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("secret must be one for HS256", e);
    }
  }

  /**
   * RS256 with RSA of at least 2048 bits, or ES256 with P-256.
   *
   * @param id what tokens name as {@code kid}
   */
  public static SigningKey pair(String id, KeyPair pair) {
    KeySet keySet = KeySet.ofPublicKey(id, pair.getPublic());
    try {
      return switch (pair.getPrivate()) {
        case RSAPrivateKey rsa ->
            new SigningKey(id, JwtAlgorithm.RS256, new RSASSASigner(rsa), keySet);
        case ECPrivateKey ec when keySet.mayFit(JwtAlgorithm.ES256) ->
            new SigningKey(id, JwtAlgorithm.ES256, new ECDSASigner(ec), keySet);
        default -> throw new IllegalArgumentException("pair must be of RSA or of P-256");
      };
    } catch (JOSEException e) {
      throw new IllegalArgumentException("pair must be of RSA or of P-256", e);
    }
  }

  /** What tokens name as {@code kid}. */
  public String id() {
    return id;
  }

  JwtAlgorithm algorithm() {
    return algorithm;
  }

  JWSSigner signer() {
    return signer;
  }

  KeySet keySet() {
    return keySet;
  }

  @Override
  public String toString() {
    return "signing key " + id;
  }
}
