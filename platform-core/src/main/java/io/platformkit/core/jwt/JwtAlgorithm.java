package io.platformkit.core.jwt;

import com.nimbusds.jose.JWSAlgorithm;

/**
 * How a token is signed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037#section-3.1">RFC 8037, 3.1</a>
 */
public enum JwtAlgorithm {
  /** A shared secret of 256 bits or more. */
  HS256,
  /** A shared secret of 384 bits or more. */
  HS384,
  /** A shared secret of 512 bits or more. */
  HS512,
  /** RSA, PKCS #1. */
  RS256,
  /** RSA, PKCS #1. */
  RS384,
  /** RSA, PKCS #1. */
  RS512,
  /** RSA, PSS. */
  PS256,
  /** RSA, PSS. */
  PS384,
  /** RSA, PSS. */
  PS512,
  /** The curve P-256. */
  ES256,
  /** The curve P-384. */
  ES384,
  /** The curve P-521. */
  ES512,
  /** Ed25519. */
  EDDSA;

  /** Whether whoever can check a token can make one too. */
  public boolean isShared() {
    return name().startsWith("HS");
  }

  JWSAlgorithm jose() {
    return this == EDDSA ? JWSAlgorithm.EdDSA : JWSAlgorithm.parse(name());
  }
}
