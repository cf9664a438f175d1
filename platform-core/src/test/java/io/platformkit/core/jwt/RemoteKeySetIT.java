package io.platformkit.core.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Refusal;
import java.net.InetAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteKeySetIT {
  private static final KeyPair OLD = Tokens.RSA;
  private static final KeyPair NEW = Tokens.rsa();
  private static final HttpEndpoint DOWN = request -> Response.status(500);

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<HttpEndpoint> answer = new AtomicReference<>(DOWN);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final JdkHttpServer server =
      JdkHttpServer.builder(
              request -> {
                asked.incrementAndGet();
                return answer.get().handle(request);
              })
          .build();
  private RemoteKeySet keys = KeySet.builder(URI.create("https://unused.example.org/")).build();
  private JwtAuthenticator authenticator = authenticator(keys);

  @BeforeEach
  void start() {
    server.start();
    keys =
        KeySet.builder(server.uri())
            .timeout(Duration.ofSeconds(5))
            .nanoTime(nanos::get)
            .meterRegistry(meters)
            .build();
    authenticator = authenticator(keys);
  }

  @AfterEach
  void close() {
    finish.countDown();
    keys.close();
    server.close();
  }

  private static JwtAuthenticator authenticator(RemoteKeySet keys) {
    return JwtAuthenticator.builder(keys, JwtAlgorithm.RS256)
        .issuer("https://login.example.org/")
        .audience("ops")
        .clock(SettableClock.create())
        .build();
  }

  private static String token(String id, KeyPair pair) {
    var signer = new RSASSASigner(pair.getPrivate());
    return Tokens.signed(signer, JWSAlgorithm.RS256, id, Tokens.claims().build());
  }

  private Authentication check(String token) {
    return authenticator.authenticate(Credentials.bearer(token), InetAddress.getLoopbackAddress());
  }

  private void assertTaken(String id, KeyPair pair) {
    assertThat(check(token(id, pair))).isInstanceOf(Authenticated.class);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static HttpEndpoint keys(RSAKey... keys) {
    List<String> all = IntStream.range(0, keys.length).mapToObj(i -> keys[i].toString()).toList();
    return request -> Response.text("{\"keys\":[" + String.join(",", all) + "]}");
  }

  private static RSAKey key(String id, KeyPair pair) {
    return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(id).build();
  }

  private double failed() {
    return meters.counter("platform.core.identity.keys.fetched", "outcome", "failed").count();
  }

  @Test
  void keysAreFetchedOnceForManyTokens() {
    answer.set(keys(key("old", OLD)));
    IntStream.range(0, 20).forEach(i -> assertTaken("old", OLD));
    assertThat(asked).hasValue(1);
  }

  @Test
  void aKeyThatIsNewIsFoundInMidUse() {
    answer.set(keys(key("old", OLD)));
    assertTaken("old", OLD);
    answer.set(keys(key("old", OLD), key("new", NEW)));
    pass(Duration.ofSeconds(30));
    assertTaken("new", NEW);
    assertTaken("old", OLD);
    assertThat(asked).hasValue(2);
  }

  @Test
  void namesThatNobodyKnowsLeadToOneFetchInHalfAMinute() {
    answer.set(keys(key("old", OLD)));
    assertTaken("old", OLD);
    for (int i = 0; i < 50; i++) {
      assertThat(check(token("made-up-" + i, NEW))).isEqualTo(new Refused(Refusal.UNKNOWN_KEY));
    }
    assertThat(asked).hasValue(1);
    pass(Duration.ofSeconds(30));
    for (int i = 0; i < 50; i++) {
      assertThat(check(token("made-up-" + i, NEW))).isEqualTo(new Refused(Refusal.UNKNOWN_KEY));
    }
    assertThat(asked).hasValue(2);
  }

  @Test
  void aKeyThatIsWithdrawnIsRefusedFromTheNextFetchOn() {
    answer.set(keys(key("old", OLD), key("new", NEW)));
    assertTaken("old", OLD);
    answer.set(keys(key("new", NEW)));
    pass(Duration.ofMinutes(15));
    assertTaken("new", NEW);
    assertThat(check(token("old", OLD))).isEqualTo(new Refused(Refusal.UNKNOWN_KEY));
  }

  @Test
  void knownKeysAreUsedForAnHourWhileTheUrlIsDown() {
    answer.set(keys(key("old", OLD)));
    assertTaken("old", OLD);
    answer.set(DOWN);
    pass(Duration.ofHours(1));
    assertTaken("old", OLD);
    assertThat(failed()).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> check(token("old", OLD)))
        .withMessage("there are no keys to check tokens with");
    answer.set(keys(key("old", OLD)));
    pass(Duration.ofSeconds(30));
    assertTaken("old", OLD);
  }

  @Test
  void withoutAnyKeysNobodyCanTell() {
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> check(token("old", OLD)));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> check(token("old", OLD)));
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>login</html>",
        "{\"keys\":[]}",
        "{\"keys\":7}",
        "[]",
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"old\",\"k\":\"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0cw\"}]}"
      })
  void aWrongAnswerIsNotTakenOver(String wrong) {
    answer.set(keys(key("old", OLD)));
    assertTaken("old", OLD);
    answer.set(request -> Response.text(wrong));
    pass(Duration.ofMinutes(16));
    assertTaken("old", OLD);
    assertThat(failed()).isEqualTo(1);
  }

  @Test
  void aHugeAnswerIsNotTakenOver() {
    answer.set(keys(key("old", OLD)));
    assertTaken("old", OLD);
    answer.set(request ->
        Response.stream(
            "application/json",
            out -> {
              byte[] blanks = " ".repeat(1 << 16).getBytes(UTF_8);
              while (finish.getCount() > 0) {
                out.write(blanks);
              }
            }));
    pass(Duration.ofMinutes(16));
    assertTaken("old", OLD);
    assertThat(failed()).isEqualTo(1);
  }

  @Test
  void aRedirectIsNotFollowed() {
    answer.set(request ->
        Response.status(302).withHeader("Location", "http://169.254.169.254/latest/meta-data"));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> check(token("old", OLD)));
    assertThat(failed()).isEqualTo(1);
  }

  @Test
  void anAnswerThatDoesNotEndIsGivenUp() {
    try (RemoteKeySet hasty =
        KeySet.builder(server.uri())
            .timeout(Duration.ofMillis(200))
            .nanoTime(nanos::get)
            .meterRegistry(meters)
            .build()) {
      authenticator = authenticator(hasty);
      answer.set(request ->
          Response.stream(
              "application/json",
              out -> {
                out.write('{');
                out.flush();
                finish.await();
              }));
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> check(token("old", OLD)));
      assertThat(failed()).isEqualTo(1);
    }
  }

  @Test
  void whoHasAKnownKeyDoesNotWaitForAFetch() throws Exception {
    answer.set(keys(key("old", OLD)));
    assertTaken("old", OLD);
    var fetching = new CountDownLatch(1);
    answer.set(request -> {
      fetching.countDown();
      finish.await();
      return Response.status(500);
    });
    pass(Duration.ofMinutes(16));
    Thread waiting = Thread.ofVirtual().start(() -> check(token("new", NEW)));
    fetching.await();
    assertTaken("old", OLD);
    assertThat(failed()).as("the fetch goes on").isZero();
    finish.countDown();
    waiting.join();
  }

  @Test
  void onlyHttpsIsAskedBeyondThisMachine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            KeySet.builder(URI.create("http://login.example.org/keys"))
                .timeout(Duration.ZERO)
                .build())
        .withMessageContainingAll("url was 'http://login.example.org/keys'", "timeout was 'PT0S'");
  }
}
