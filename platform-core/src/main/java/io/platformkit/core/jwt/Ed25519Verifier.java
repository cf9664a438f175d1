package io.platformkit.core.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/**
 * Ed25519 by the JDK; the library's own needs one more library.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037</a>
 */
final class Ed25519Verifier implements JWSVerifier {
  /** What stands before the 32 bytes of a key in X.509, RFC 8410, 4. */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int KEY_BYTES = 32;

  private final PublicKey key;
  private final JCAContext context = new JCAContext();

  Ed25519Verifier(PublicKey key) {
    this.key = key;
  }

  static Ed25519Verifier of(byte[] x) throws JOSEException {
    if (x.length != KEY_BYTES) {
      throw new JOSEException("a key of Ed25519 must have 32 bytes");
    }
    var encoded = new ByteArrayOutputStream();
    encoded.writeBytes(X509_HEAD);
    encoded.writeBytes(x);
    try {
      var spec = new X509EncodedKeySpec(encoded.toByteArray());
      return new Ed25519Verifier(KeyFactory.getInstance("Ed25519").generatePublic(spec));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("the key is no point of Ed25519", e);
    }
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
    boolean extended = header.getCriticalParams() != null && !header.getCriticalParams().isEmpty();
    if (extended || !header.getAlgorithm().equals(JWSAlgorithm.EdDSA)) {
      return false;
    }
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(signed);
      return check.verify(signature.decode());
    } catch (SignatureException e) {
      return false; // of a wrong length, or no point of the curve
    } catch (GeneralSecurityException e) {
      throw new JOSEException("Ed25519 is missing in this JDK", e);
    }
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(JWSAlgorithm.EdDSA);
  }

  @Override
  public JCAContext getJCAContext() {
    return context;
  }
}
