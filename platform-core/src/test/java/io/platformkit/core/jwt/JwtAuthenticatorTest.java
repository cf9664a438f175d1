package io.platformkit.core.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SettableClock;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.AuthenticatorContract;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.identity.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtAuthenticatorTest extends AuthenticatorContract {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final KeySet RSA_KEYS = KeySet.ofPublicKey("k1", Tokens.RSA.getPublic());
  private static final RSASSASigner SIGNER = new RSASSASigner(Tokens.RSA.getPrivate());

  private final SettableClock clock = SettableClock.create();
  private final JwtAuthenticator authenticator = options(RSA_KEYS, JwtAlgorithm.RS256).build();
  private final String token = rs256(Tokens.claims().build());

  private JwtAuthenticator.Builder options(KeySet keys, JwtAlgorithm... algorithms) {
    return JwtAuthenticator.builder(keys, algorithms[0], algorithms)
        .issuer("https://login.example.org/")
        .audience("ops")
        .clock(clock);
  }

  private static String rs256(JWTClaimsSet claims) {
    return Tokens.signed(SIGNER, JWSAlgorithm.RS256, "k1", claims);
  }

  private Authentication check(String text) {
    return authenticator.authenticate(Credentials.bearer(text), PEER);
  }

  private void assertRefused(String text, Refusal reason) {
    assertThat(check(text)).isEqualTo(new Refused(reason));
  }

  @Override
  protected Authenticator authenticator() {
    return authenticator;
  }

  @Override
  protected Credentials right() {
    return Credentials.bearer(token);
  }

  @Override
  protected Principal owner() {
    return Principal.of("ana", "reader").ofTenant("north");
  }

  @Test
  void aTokenSaysUntilWhenItIsRight() {
    assertThat(check(token))
        .isEqualTo(new Authenticated(owner(), Optional.of(Tokens.NOW.plusSeconds(600))));
  }

  @Test
  void anApiKeyIsLeftToOthers() {
    assertThat(check("pk_1234")).isInstanceOf(Absent.class);
  }

  @Nested
  class Attacks {
    @Test
    void aTokenWithoutSignatureIsRefused() {
      assertRefused(new PlainJWT(Tokens.claims().build()).serialize(), Refusal.ALGORITHM);
      String body = token.split("\\.", -1)[1];
      for (String none : List.of("none", "None", "NONE", "nOnE")) {
        String head = Base64URL.encode("{\"alg\":\"%s\"}".formatted(none)).toString();
        assertThat(check(head + "." + body + ".")).isInstanceOf(Refused.class);
      }
    }

    /** The example of RFC 7519, 6.1. */
    @Test
    void theUnsecuredExampleIsRefused() {
      assertRefused(
          "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
              + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
          Refusal.ALGORITHM);
    }

    @Test
    void thePublicKeyIsNoSecret() throws JOSEException {
      var confused = new MACSigner(Tokens.RSA.getPublic().getEncoded());
      assertRefused(
          Tokens.signed(confused, JWSAlgorithm.HS256, "k1", Tokens.claims().build()),
          Refusal.ALGORITHM);
    }

    @Test
    void secretsAndKeyPairsAreNotMixed() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> options(RSA_KEYS, JwtAlgorithm.HS256, JwtAlgorithm.RS256).build())
          .withMessageContaining("all with secrets or all without");
    }

    @Test
    void anotherAlgorithmOfTheSameKeyIsNotPinned() {
      assertRefused(
          Tokens.signed(SIGNER, JWSAlgorithm.PS256, "k1", Tokens.claims().build()),
          Refusal.ALGORITHM);
    }

    @Test
    void aKeyOfTheSameNameIsAnotherKey() {
      var other = new RSASSASigner(Tokens.rsa().getPrivate());
      assertRefused(
          Tokens.signed(other, JWSAlgorithm.RS256, "k1", Tokens.claims().build()),
          Refusal.SIGNATURE);
    }

    @Test
    void aKeyInTheTokenItselfIsNotBelieved() {
      KeyPair own = Tokens.rsa();
      var header =
          new JWSHeader.Builder(JWSAlgorithm.RS256)
              .keyID("k1")
              .jwk(
                  new com.nimbusds.jose.jwk.RSAKey.Builder(
                          (java.security.interfaces.RSAPublicKey) own.getPublic())
                      .build());
      var signer = new RSASSASigner(own.getPrivate());
      assertRefused(Tokens.signed(signer, header, Tokens.claims().build()), Refusal.SIGNATURE);
    }

    @Test
    void anUnknownKeyIsRefused() {
      assertRefused(
          Tokens.signed(SIGNER, JWSAlgorithm.RS256, "k2", Tokens.claims().build()),
          Refusal.UNKNOWN_KEY);
    }

    @Test
    void aCriticalHeaderThatIsNotKnownIsRefused() {
      var header =
          new JWSHeader.Builder(JWSAlgorithm.RS256)
              .keyID("k1")
              .criticalParams(Set.of("x-must"))
              .customParam("x-must", true);
      assertRefused(Tokens.signed(SIGNER, header, Tokens.claims().build()), Refusal.SIGNATURE);
    }

    @Test
    void aLongTokenIsNotRead() {
      var long8k = Tokens.claims().claim("x", "y".repeat(8192)).build();
      assertRefused(rs256(long8k), Refusal.TOO_LONG);
      assertRefused("x".repeat(1 << 20), Refusal.TOO_LONG);
    }

    @Test
    void deepNestingIsRefused() {
      String head = Base64URL.encode("[".repeat(5000)).toString();
      assertRefused(head + ".e30.e30", Refusal.MALFORMED);
    }
  }

  @Nested
  class Claims {
    @Test
    void anotherIssuerOrNoneIsRefused() {
      assertRefused(rs256(Tokens.claims().issuer("https://evil/").build()), Refusal.ISSUER);
      assertRefused(rs256(Tokens.claims().issuer(null).build()), Refusal.ISSUER);
    }

    @Test
    void anotherAudienceOrNoneIsRefused() {
      assertRefused(rs256(Tokens.claims().audience("billing").build()), Refusal.AUDIENCE);
      assertRefused(rs256(Tokens.claims().audience((String) null).build()), Refusal.AUDIENCE);
      assertThat(check(rs256(Tokens.claims().audience(List.of("billing", "ops")).build())))
          .isInstanceOf(Authenticated.class);
    }

    @Test
    void aTokenWithoutEndIsRefused() {
      assertRefused(rs256(Tokens.claims().expirationTime(null).build()), Refusal.CLAIMS);
    }

    @Test
    void aTokenEndsAMinuteAfterItsTime() {
      clock.advance(Duration.ofSeconds(659));
      assertThat(check(token)).isInstanceOf(Authenticated.class);
      clock.advance(Duration.ofSeconds(1));
      assertRefused(token, Refusal.EXPIRED);
    }

    @Test
    void aTokenBeginsAMinuteBeforeItsTime() {
      var later = Tokens.claims().notBeforeTime(Date.from(Tokens.NOW.plusSeconds(61))).build();
      assertRefused(rs256(later), Refusal.NOT_YET_VALID);
      clock.advance(Duration.ofSeconds(1));
      assertThat(check(rs256(later))).isInstanceOf(Authenticated.class);
    }

    @Test
    void claimsThatMakeNoPrincipalAreRefused() {
      assertRefused(rs256(Tokens.claims().subject(null).build()), Refusal.CLAIMS);
      assertRefused(rs256(Tokens.claims().subject("a\nb").build()), Refusal.CLAIMS);
      assertRefused(rs256(Tokens.claims().claim("roles", 7).build()), Refusal.CLAIMS);
      assertRefused(rs256(Tokens.claims().claim("roles", List.of(7)).build()), Refusal.CLAIMS);
      assertRefused(rs256(Tokens.claims().claim("roles", List.of("a b")).build()), Refusal.CLAIMS);
      assertRefused(rs256(Tokens.claims().claim("tenant", Map.of()).build()), Refusal.CLAIMS);
    }

    @Test
    void rolesMayBeOneText() {
      assertThat(check(rs256(Tokens.claims().claim("roles", "reader  writer").build())))
          .isInstanceOfSatisfying(
              Authenticated.class,
              who -> assertThat(who.principal().roles()).containsExactly("reader", "writer"));
    }
  }

  @Nested
  class PublishedVectors {
    private static final String BODY =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
            + "cnVlfQ";

    /** RFC 7515, A.1. */
    @Test
    void hs256() {
      assertJoe(
          "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
              + "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}]}",
          JwtAlgorithm.HS256,
          "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
              + BODY
              + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    /** RFC 7515, A.3. */
    @Test
    void es256() {
      assertJoe(
          "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
              + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
              + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}",
          JwtAlgorithm.ES256,
          "eyJhbGciOiJFUzI1NiJ9."
              + BODY
              + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    }

    private void assertJoe(String jwks, JwtAlgorithm algorithm, String text) {
      var joes =
          JwtAuthenticator.builder(KeySet.of(jwks), algorithm)
              .issuer("joe")
              .anyAudience()
              .claims(ClaimMapping.named("iss", "roles", "tenant"))
              .clock(SettableClock.at(Instant.ofEpochSecond(1300819379)))
              .build();
      assertThat(joes.authenticate(Credentials.bearer(text), PEER))
          .isEqualTo(
              new Authenticated(
                  Principal.of("joe"), Optional.of(Instant.ofEpochSecond(1300819380))));
    }

    /** RFC 8037, A.4. */
    @Test
    void ed25519() throws Exception {
      var verifier =
          Ed25519Verifier.of(new Base64URL("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").decode());
      var object =
          JWSObject.parse(
              "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
                  + "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
      assertThat(object.verify(verifier)).isTrue();
      byte[] other = "Example of Ed25519 signinG".getBytes(UTF_8);
      assertThat(verifier.verify(object.getHeader(), other, object.getSignature())).isFalse();
      assertThat(
              verifier.verify(object.getHeader(), object.getSigningInput(), Base64URL.encode("x")))
          .isFalse();
    }
  }

  @Nested
  class OtherKeys {
    @Test
    void aTokenOfEd25519IsTaken() throws Exception {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      String head = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"e\"}").toString();
      String signed = head + "." + Base64URL.encode(Tokens.claims().build().toString());
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      KeySet keys = KeySet.ofPublicKey("e", pair.getPublic());
      assertThat(
              options(keys, JwtAlgorithm.EDDSA)
                  .build()
                  .authenticate(
                      Credentials.bearer(signed + "." + Base64URL.encode(signature.sign())), PEER))
          .isInstanceOf(Authenticated.class);
    }

    @Test
    void aTokenOfAnEllipticCurveIsTakenWithItsOwnAlgorithmAlone() throws Exception {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      var signer = new ECDSASigner((ECPrivateKey) pair.getPrivate());
      String text = Tokens.signed(signer, JWSAlgorithm.ES256, "e", Tokens.claims().build());
      KeySet keys = KeySet.ofPublicKey("e", pair.getPublic());
      assertThat(
              options(keys, JwtAlgorithm.ES256)
                  .build()
                  .authenticate(Credentials.bearer(text), PEER))
          .isInstanceOf(Authenticated.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> options(keys, JwtAlgorithm.ES384).build())
          .withMessageContaining("keys was 'without one for [ES384]'");
    }

    @Test
    void aShortSecretIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeySet.ofSecret("s", new byte[31]))
          .withMessage("secret had 31 bytes but it must have at least 32");
    }

    @Test
    void aSetWithoutUsableKeysIsRefusedAndNotQuoted() {
      String weak = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeySet.of(weak))
          .withMessage("it has no key that can be used");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeySet.of("{\"keys\":[{\"kty\":\"oct\",\"k\":7}]}"))
          .withMessage("it is no JSON Web Key Set");
    }

    @Test
    void aFileOfKeysIsReadAgainWhenItChanges(@TempDir Path folder) throws IOException {
      Path file = Files.writeString(folder.resolve("keys.json"), secret("one", SECRET));
      var fromFile = options(KeySet.of(file), JwtAlgorithm.HS256).build();
      Credentials one = hs256("one");
      Credentials two = hs256("two");
      assertThat(fromFile.authenticate(one, PEER)).isInstanceOf(Authenticated.class);
      assertThat(fromFile.authenticate(two, PEER)).isEqualTo(new Refused(Refusal.UNKNOWN_KEY));
      replace(file, secret("two", SECRET));
      assertThat(fromFile.authenticate(two, PEER)).isInstanceOf(Authenticated.class);
      assertThat(fromFile.authenticate(one, PEER)).isEqualTo(new Refused(Refusal.UNKNOWN_KEY));
      replace(file, "{\"keys\":");
      assertThat(fromFile.authenticate(two, PEER)).isInstanceOf(Authenticated.class);
    }

    @Test
    void aFileThatIsNotThereIsRefused(@TempDir Path folder) {
      assertThatExceptionOfType(PlatformException.class)
          .isThrownBy(() -> KeySet.of(folder.resolve("none.json")))
          .withMessageContaining("none.json is not there");
    }

    private static Credentials hs256(String id) {
      try {
        return Credentials.bearer(
            Tokens.signed(new MACSigner(SECRET), JWSAlgorithm.HS256, id, Tokens.claims().build()));
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String secret(String id, byte[] secret) {
      return "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"%s\",\"k\":\"%s\"}]}"
          .formatted(id, Base64URL.encode(secret));
    }

    private static void replace(Path file, String text) throws IOException {
      Path next = Files.writeString(file.resolveSibling("next"), text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  void issuerAndAudienceMustBeStated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            JwtAuthenticator.builder(RSA_KEYS, JwtAlgorithm.RS256)
                .leeway(Duration.ofHours(1))
                .maxLength(1)
                .build())
        .withMessageContainingAll("issuer was '[]'", "audience was '[]'", "leeway", "maxLength");
  }
}
