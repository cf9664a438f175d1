package io.platformkit.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authentication.Throttled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitedAuthenticatorTest extends AuthenticatorContract {
  private static final Credentials WRONG = Credentials.bearer("wrong");
  private static final Credentials OLD = Credentials.bearer("old");
  private static final Credentials BROKEN = Credentials.bearer("broken");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AttemptLimit limit =
      AttemptLimit.builder()
          .attempts(3)
          .refill(Duration.ofSeconds(10))
          .nanoTime(nanos::get)
          .build();
  private final LimitedAuthenticator limited = LimitedAuthenticator.of(this::decide, limit, meters);

  private Authentication decide(Credentials credentials, InetAddress peer) {
    return switch (credentials.scheme() + " " + credentials.secret()) {
      case "bearer right" -> new Authenticated(owner(), Optional.empty());
      case "bearer old" -> new Refused(Refusal.EXPIRED);
      case "bearer broken" -> throw new UnavailableException("the store is away");
      default ->
          credentials.scheme().equals("bearer")
              ? new Refused(Refusal.SIGNATURE)
              : new Authentication.Absent();
    };
  }

  /** Without a limit: the contract shows more that is wrong than any limit allows. */
  @Override
  protected Authenticator authenticator() {
    AttemptLimit wide =
        AttemptLimit.builder()
            .attempts(1000)
            .refill(Duration.ofMillis(1))
            .nanoTime(nanos::get)
            .build();
    return LimitedAuthenticator.of(this::decide, wide);
  }

  @Override
  protected Credentials right() {
    return Credentials.bearer("right");
  }

  @Override
  protected Principal owner() {
    return Principal.of("ana");
  }

  @Test
  void afterTooManyWrongOnesNothingIsLookedAtUntilOneTokenIsBack() throws Exception {
    fail(3, PEER);
    assertThat(limited.authenticate(right(), PEER))
        .isEqualTo(new Throttled(Duration.ofSeconds(10)));
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(limited.authenticate(right(), PEER)).isEqualTo(new Throttled(Duration.ofSeconds(6)));
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThat(limited.authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
    fail(1, PEER);
    assertThat(limited.authenticate(right(), PEER)).isInstanceOf(Throttled.class);
  }

  @Test
  void rightOnesTakeNothingOfTheLimit() throws Exception {
    fail(2, PEER);
    for (int i = 0; i < 100; i++) {
      assertThat(limited.authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void whatHasExpiredIsNoGuess() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(limited.authenticate(OLD, PEER)).isEqualTo(new Refused(Refusal.EXPIRED));
    }
  }

  @Test
  void aFailureIsHeldAgainstNobody() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> limited.authenticate(BROKEN, PEER))
          .isInstanceOf(UnavailableException.class);
    }
    assertThat(count("failed", "none")).isEqualTo(10);
  }

  @Test
  void aBucketFillsUpNoFurtherThanItsSize() throws Exception {
    fail(3, PEER);
    nanos.addAndGet(Duration.ofDays(1).toNanos());
    fail(3, PEER);
    assertThat(limited.authenticate(right(), PEER)).isInstanceOf(Throttled.class);
  }

  @Test
  void otherAddressesGoOn() throws Exception {
    fail(3, address("2001:db8:0:1::1"));
    assertThat(limited.authenticate(right(), address("2001:db8:0:1:ffff::2")))
        .isInstanceOf(Throttled.class);
    assertThat(limited.authenticate(right(), address("2001:db8:0:2::1")))
        .isInstanceOf(Authenticated.class);
    fail(3, address("192.0.2.1"));
    assertThat(limited.authenticate(right(), address("192.0.2.2")))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void everyOutcomeIsCounted() throws Exception {
    fail(3, PEER);
    limited.authenticate(right(), PEER);
    limited.authenticate(right(), address("192.0.2.1"));
    limited.authenticate(OLD, address("192.0.2.1"));
    assertThat(count("refused", "signature")).isEqualTo(3);
    assertThat(count("refused", "expired")).isEqualTo(1);
    assertThat(count("throttled", "none")).isEqualTo(1);
    assertThat(count("authenticated", "none")).isEqualTo(1);
  }

  @Test
  void wrongOptionsAreRefusedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AttemptLimit.builder().attempts(0).refill(Duration.ZERO).maxAddresses(0).build())
        .withMessageContainingAll("attempts was '0'", "refill was 'PT0S'", "maxAddresses was '0'");
  }

  private void fail(int times, InetAddress peer) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(limited.authenticate(WRONG, peer)).isEqualTo(new Refused(Refusal.SIGNATURE));
    }
  }

  private double count(String outcome, String reason) {
    return meters
        .counter("platform.core.identity.attempts", "outcome", outcome, "reason", reason)
        .count();
  }

  private static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }
}
