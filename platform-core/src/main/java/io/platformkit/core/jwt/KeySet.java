package io.platformkit.core.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.WatchedFile;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * The keys that tokens may be signed with: a JSON Web Key Set in memory, in a file or behind a URL.
 * Keys that are too weak (RSA under 2048 bits, secrets under 256), not for signatures or of an
 * unknown kind are left out. Safe for concurrent use.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517">RFC 7517</a>
 */
public abstract class KeySet {
  /** Longest file or answer that is read. */
  public static final int MAX_BYTES = 1 << 20;

  KeySet() {
    Nimbus.require();
  }

  /**
   * Keys in memory.
   *
   * @param jwks the document: {@code {"keys": […]}}
   * @throws IllegalArgumentException if it is none, or no key can be used
   */
  public static KeySet of(String jwks) {
    Nimbus.require();
    return fixed(VerificationKey.parse(jwks.getBytes(UTF_8), true));
  }

  /**
   * One secret of at least 256 bits.
   *
   * @param keyId what tokens name as {@code kid}
   */
  public static KeySet ofSecret(String keyId, byte[] secret) {
    Nimbus.require();
    if (secret.length < 32) {
      throw new IllegalArgumentException(
          "secret had %d bytes but it must have at least 32".formatted(secret.length));
    }
    return fixed(List.of(VerificationKey.ofSecret(keyId, secret)));
  }

  /**
   * One public key: RSA of at least 2048 bits, an elliptic curve of NIST, or Ed25519.
   *
   * @param keyId what tokens name as {@code kid}
   */
  public static KeySet ofPublicKey(String keyId, PublicKey key) {
    Nimbus.require();
    return fixed(List.of(VerificationKey.ofPublicKey(keyId, key)));
  }

  private static KeySet fixed(List<VerificationKey> keys) {
    return new KeySet() {
      @Override
      List<VerificationKey> keys(Optional<String> wanted) {
        return keys;
      }
    };
  }

  /**
   * Keys in a file, which is read again when it changes; one that makes no sense is not taken over.
   *
   * @throws io.platformkit.core.PlatformException if it makes no sense now
   */
  public static KeySet of(Path file) {
    return of(file, new CompositeMeterRegistry());
  }

  /** As {@link #of(Path)}; counts {@code platform.core.identity.file.refused}. */
  public static KeySet of(Path file, MeterRegistry registry) {
    Nimbus.require();
    var refused = registry.counter("platform.core.identity.file.refused", "file", "key-set");
    WatchedFile<List<VerificationKey>> content =
        WatchedFile.of(
            file, MAX_BYTES, json -> VerificationKey.parse(json, true), refused::increment);
    return new KeySet() {
      @Override
      List<VerificationKey> keys(Optional<String> wanted) {
        return content.value();
      }
    };
  }

  /** Keys behind a URL; secrets in it are left out. */
  public static RemoteKeySet.Builder builder(URI url) {
    Nimbus.require();
    return new RemoteKeySet.Builder(url);
  }

  /**
   * All keys. May block.
   *
   * @param wanted the id of the key that a token names; a set that can look for new keys does so if
   *     it is not there
   * @throws io.platformkit.core.UnavailableException if there are none now
   */
  abstract List<VerificationKey> keys(Optional<String> wanted);

  /** Without asking a server: whether there may be a key for the algorithm. */
  boolean mayFit(JwtAlgorithm algorithm) {
    return keys(Optional.empty()).stream().anyMatch(key -> key.fits(algorithm.jose()));
  }
}
