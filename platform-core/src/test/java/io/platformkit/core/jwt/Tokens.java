package io.platformkit.core.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.platformkit.core.SettableClock;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Tokens for tests. */
final class Tokens {
  static final Instant NOW = SettableClock.START;
  static final KeyPair RSA = rsa();

  private Tokens() {}

  static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Right in everything. */
  static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://login.example.org/")
        .audience("ops")
        .subject("ana")
        .claim("roles", List.of("reader"))
        .claim("tenant", "north")
        .expirationTime(Date.from(NOW.plusSeconds(600)));
  }

  static String signed(JWSSigner signer, JWSHeader.Builder header, JWTClaimsSet claims) {
    SignedJWT token = new SignedJWT(header.build(), claims);
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  static String signed(JWSSigner signer, JWSAlgorithm algorithm, String id, JWTClaimsSet claims) {
    return signed(signer, new JWSHeader.Builder(algorithm).keyID(id), claims);
  }
}
