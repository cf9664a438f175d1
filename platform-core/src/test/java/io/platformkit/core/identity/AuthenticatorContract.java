package io.platformkit.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Authenticator} promises; one object runs each test. */
public abstract class AuthenticatorContract {
  /** From where credentials come. */
  protected static final InetAddress PEER = InetAddress.getLoopbackAddress();

  /** For subclasses. */
  protected AuthenticatorContract() {}

  /** The one under test, the same during a test. */
  protected abstract Authenticator authenticator();

  /** Credentials that are right, the same during a test. */
  protected abstract Credentials right();

  /** Whose they are. */
  protected abstract Principal owner();

  @Test
  protected void rightCredentialsGiveTheirOwner() throws Exception {
    assertThat(authenticator().authenticate(right(), PEER))
        .isInstanceOfSatisfying(
            Authenticated.class, who -> assertThat(who.principal()).isEqualTo(owner()));
  }

  @Test
  protected void credentialsThatDifferInOneCharacterAreRefused() throws Exception {
    String secret = right().secret();
    for (int i = 0; i < secret.length() - 1; i += 3) {
      char other = secret.charAt(i) == 'A' ? 'B' : 'A';
      String wrong = secret.substring(0, i) + other + secret.substring(i + 1);
      assertThat(authenticator().authenticate(new Credentials(right().scheme(), wrong), PEER))
          .as("character %d", i)
          .isNotInstanceOf(Authenticated.class);
    }
  }

  @Test
  protected void credentialsThatAreCutShortAreRefused() throws Exception {
    for (int length = 0; length < right().secret().length(); length += 5) {
      String part = right().secret().substring(0, length);
      assertThat(authenticator().authenticate(new Credentials(right().scheme(), part), PEER))
          .isNotInstanceOf(Authenticated.class);
    }
  }

  @Test
  protected void aSchemeThatNobodyKnowsIsLeftToOthers() throws Exception {
    assertThat(authenticator().authenticate(new Credentials("x-nobodys", right().secret()), PEER))
        .isInstanceOf(Absent.class);
  }

  @Test
  protected void whateverIsSentIsAnswered() throws Exception {
    List<String> garbage =
        List.of(
            "",
            " ",
            ".",
            "..",
            "...",
            "\0",
            "\ud800",
            "🔑",
            "null",
            "pk_",
            "pk__",
            "e30.e30.e30",
            "eyJhbGciOiJIUzI1NiJ9..",
            "{}",
            "a".repeat(1 << 20),
            ".".repeat(5_000),
            "é".repeat(5_000),
            right().secret() + " ",
            right().secret() + right().secret());
    for (String each : garbage) {
      for (String scheme : List.of(right().scheme(), Credentials.BEARER, Credentials.API_KEY)) {
        assertThat(authenticator().authenticate(new Credentials(scheme, each), PEER))
            .isInstanceOfAny(Refused.class, Absent.class);
      }
    }
  }

  @Test
  protected void manyThreadsMayAskAtOnce() throws Exception {
    var outcomes = new ConcurrentLinkedQueue<Authentication>();
    List<Thread> threads =
        IntStream.range(0, 50)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        outcomes.add(authenticator().authenticate(right(), PEER));
                      } catch (Exception e) {
                        outcomes.add(new Absent());
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(outcomes).hasSize(50).allMatch(Authenticated.class::isInstance);
  }

  @Test
  protected void credentialsDoNotShowTheirSecret() {
    assertThat(right().toString()).doesNotContain(right().secret());
  }
}
