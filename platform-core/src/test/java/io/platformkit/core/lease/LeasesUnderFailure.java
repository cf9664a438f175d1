package io.platformkit.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PlatformException;
import io.platformkit.core.PortContract;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** What leases promise when the network or their server fails. */
abstract class LeasesUnderFailure extends PortContract {
  static final Duration LONG = Duration.ofMinutes(10);

  /**
   * Opens leases by a connection of their own; embedded, the same leases for the same namespace.
   * Hand what else is to be closed to {@link #closing}.
   */
  protected abstract Leases open(Way way, String namespace);

  @Override
  protected final String port() {
    return "Leases";
  }

  /** Leases of this test's namespace. */
  final Leases open(Way way) {
    return closing(open(way, namespace()));
  }

  static Lease take(Leases leases, String name, Duration ttl) {
    Optional<Lease> taken = leases.tryAcquire(name, ttl);
    assertThat(taken).as("lease '%s'", name).isPresent();
    return taken.orElseThrow();
  }

  /** Takes it as soon as nobody holds it. */
  static Lease awaitFree(Leases leases, String name, Duration ttl) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> leases.tryAcquire(name, ttl), Optional::isPresent)
        .orElseThrow();
  }

  @Needs(Feature.NETWORK)
  void whoTookItAndDidNotHearOfItIsNotRefused() {
    TcpProxy proxy = newProxy();
    Leases direct = open(way());
    Leases leases = open(wayThrough(proxy));
    take(leases, "other", LONG).release();
    proxy.dropReplies();
    CompletableFuture<Optional<Lease>> asked = async(() -> leases.tryAcquire("a", LONG));
    await().until(() -> isHeld(direct, "a"));
    proxy.refuse();
    proxy.restore();
    Lease taken = get(asked).orElseThrow();
    assertThat(taken.renew()).isTrue();
    assertThat(direct.tryAcquire("a", LONG)).isEmpty();
    taken.release();
    assertThat(take(direct, "a", LONG).token()).isGreaterThan(taken.token());
  }

  private static boolean isHeld(Leases leases, String name) {
    Optional<Lease> taken = leases.tryAcquire(name, Leases.SHORTEST_TTL);
    taken.ifPresent(Lease::release);
    return taken.isEmpty();
  }

  @Needs(Feature.NETWORK)
  void aLateAnswerDoesNotMakeALeaseLonger() {
    TcpProxy proxy = newProxy();
    Leases leases = open(wayThrough(proxy));
    take(leases, "other", LONG).release();
    Duration ttl = Duration.ofSeconds(1);
    proxy.delayReplies(ttl.multipliedBy(8).dividedBy(10));
    Optional<Lease> taken = leases.tryAcquire("a", ttl);
    Duration left = taken.map(Lease::remaining).orElse(Duration.ZERO);
    assertThat(left).isLessThanOrEqualTo(Duration.ofMillis(200));
    proxy.restore();
  }

  @Needs(Feature.NETWORK)
  void anAnswerAfterTheEndIsARefusal() {
    TcpProxy proxy = newProxy();
    Leases leases = open(wayThrough(proxy));
    take(leases, "other", LONG).release();
    proxy.delayReplies(Duration.ofMillis(300));
    assertThat(leases.tryAcquire("a", Duration.ofMillis(200))).isEmpty();
    proxy.restore();
    awaitFree(open(way()), "a", LONG);
  }

  @Needs(Feature.NETWORK)
  void aHolderThatWasCutOffBeyondItsLeaseIsRefusedAndFreesNobodyElses() {
    TcpProxy proxy = newProxy();
    Leases direct = open(way());
    Leases leases = open(wayThrough(proxy).timeout(Duration.ofMillis(300)));
    Lease stale = take(leases, "a", Duration.ofMillis(300));
    proxy.refuse();
    Lease next = awaitFree(direct, "a", LONG);
    assertThat(next.token()).isGreaterThan(stale.token());
    proxy.restore();
    assertThat(stale.renew()).isFalse();
    assertThat(stale.remaining()).isZero();
    stale.release();
    assertThat(direct.tryAcquire("a", LONG)).isEmpty();
    assertThat(next.renew()).isTrue();
  }

  @Needs(Feature.NETWORK)
  void aHolderThatCanNotRenewKeepsItsLeaseUntilItsEndAndIsTold() {
    TcpProxy proxy = newProxy();
    Leases leases = open(wayThrough(proxy).timeout(Duration.ofMillis(200)));
    Lease lease = take(leases, "a", Duration.ofSeconds(2));
    proxy.refuse();
    assertThatExceptionOfType(PlatformException.class) // unknown if it was sent into the cut
        .isThrownBy(lease::renew);
    assertThat(lease.lost().thenApply(over -> lease.remaining()))
        .succeedsWithin(PATIENCE)
        .isEqualTo(Duration.ZERO);
    proxy.restore();
  }

  @Needs(Feature.NETWORK)
  void workWhoseLeaseCanNotBeRenewedIsInterrupted() {
    TcpProxy proxy = newProxy();
    Leases leases = open(wayThrough(proxy).timeout(Duration.ofMillis(200)));
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() ->
            leases.whileHeld(
                "a",
                Duration.ofMillis(500),
                lease -> {
                  proxy.refuse();
                  new CountDownLatch(1).await();
                }));
    proxy.restore();
  }

  @Needs(Feature.NETWORK)
  void aServerThatCanNotBeAskedIsUnavailableUntilItCan() {
    TcpProxy proxy = newProxy();
    Leases leases = open(wayThrough(proxy).timeout(Duration.ofMillis(500)));
    take(leases, "other", LONG).release();
    proxy.refuse();
    await()
        .untilAsserted(() ->
            assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> acquire(leases)));
    proxy.restore();
    await().ignoreExceptions().until(() -> leases.tryAcquire("b", LONG).isPresent());
  }

  /** The first request after a cut may be sent before the cut is seen. */
  private static void acquire(Leases leases) {
    try {
      assertThat(leases.tryAcquire("a", LONG)).isEmpty();
    } catch (OutcomeUnknownException sentIntoTheCut) {
      throw new AssertionError(sentIntoTheCut);
    }
  }

  @Needs(Feature.RESTART)
  void aLeaseSurvivesARestartAndTokensGrow() {
    ContractServer server = ownServer();
    Leases leases = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    Lease lease = take(leases, "a", LONG);
    Lease other = take(leases, "b", LONG);
    other.release();
    server.restart();
    Leases again = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    assertThat(again.tryAcquire("a", LONG)).isEmpty();
    assertThat(lease.renew()).isTrue();
    assertThat(take(again, "b", LONG).token()).isGreaterThan(other.token());
    lease.release();
    assertThat(take(again, "a", LONG).token()).isGreaterThan(lease.token());
  }

  @Needs(Feature.SNAPSHOT)
  void tokensGrowAlsoWhenTheServerLostThem() {
    ContractServer server = ownServer();
    Leases leases = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    take(leases, "a", LONG).release();
    server.snapshot();
    Lease last = take(leases, "a", LONG);
    server.restore();
    server.pass(Duration.ofMillis(1)); // tokens grow with time then
    Leases again = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    assertThat(take(again, "a", LONG).token()).isGreaterThan(last.token());
    assertThat(last.renew()).isFalse();
  }
}
