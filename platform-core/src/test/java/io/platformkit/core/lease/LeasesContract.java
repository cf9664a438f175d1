package io.platformkit.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.PlatformException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What all {@link Leases} promise. An adapter's author extends it and says which server it is and
 * how to open leases there:
 *
 * <pre>{@code
 * class RedisLeasesIT extends LeasesContract {
 *   @Override protected ContractServer server() { return TestRedis.shared(); }
 *   @Override protected ContractServer newServer() { return TestRedis.durable(); }
 *   @Override protected Leases open(Way way, String namespace) {
 *     return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
 *         .leases(namespace);
 *   }
 * }
 * }</pre>
 *
 * <p>With {@link Feature#CLOCK}, {@code pass} has to move the clock that leases end by and the
 * timers together. Random operations are compared with a model; {@code -Dplatform.seed=…} repeats a
 * failing seed.
 */
public abstract class LeasesContract extends LeasesUnderFailure {
  private static final Duration SHORT = Duration.ofMillis(200);

  /** For subclasses. */
  protected LeasesContract() {}

  private Leases leases() {
    return open(way());
  }

  @Test
  void aNameHasOneHolder() {
    Leases leases = leases();
    Lease lease = take(leases, "a", LONG);
    assertThat(lease.name()).isEqualTo("a");
    assertThat(lease.token()).isPositive();
    assertThat(lease.remaining())
        .isLessThanOrEqualTo(LONG.minus(LONG.dividedBy(100)))
        .isGreaterThan(LONG.dividedBy(2));
    assertThat(lease.lost()).isNotDone();
    assertThat(leases.tryAcquire("a", LONG)).isEmpty();
    assertThat(leases().tryAcquire("a", LONG)).isEmpty();
    take(leases, "b", LONG);
  }

  @Test
  void aReleasedLeaseIsFree() {
    Leases leases = leases();
    Lease lease = take(leases, "a", LONG);
    lease.release();
    lease.release();
    assertThat(lease.remaining()).isZero();
    assertThat(lease.renew()).isFalse();
    Lease next = take(leases(), "a", LONG);
    assertThat(next.token()).isGreaterThan(lease.token());
    lease.release();
    assertThat(leases.tryAcquire("a", LONG)).isEmpty();
    assertThat(lease.lost()).isNotDone();
  }

  @Test
  void anExpiredLeaseIsFreeAndItsHolderIsToldAndRefused() {
    Leases leases = leases();
    Lease lease = take(leases, "a", SHORT);
    server().pass(SHORT);
    Lease next = awaitFree(leases(), "a", LONG);
    assertThat(next.token()).isGreaterThan(lease.token());
    assertThat(lease.lost()).succeedsWithin(PATIENCE);
    assertThat(lease.remaining()).isZero();
    assertThat(lease.renew()).isFalse();
    lease.release();
    assertThat(leases.tryAcquire("a", LONG)).isEmpty();
    assertThat(next.renew()).isTrue();
  }

  @Test
  void aRenewedLeaseIsHeldForItsWholeTime() {
    Leases leases = leases();
    Duration ttl = Duration.ofSeconds(2);
    Lease lease = take(leases, "a", ttl);
    for (int i = 0; i < 3; i++) {
      server().pass(Duration.ofMillis(100));
      assertThat(lease.renew()).isTrue();
    }
    assertThat(lease.remaining()).isLessThanOrEqualTo(ttl.minus(ttl.dividedBy(100))).isPositive();
    assertThat(leases().tryAcquire("a", ttl)).isEmpty();
  }

  @Needs(Feature.CLOCK)
  void aLeaseEndsItsMarginBeforeItIsFree() {
    Leases leases = leases();
    Duration ttl = Duration.ofSeconds(10);
    Lease lease = take(leases, "a", ttl);
    server().pass(Duration.ofMillis(9_897));
    assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(1));
    assertThat(leases.tryAcquire("a", ttl)).isEmpty();
    assertThat(lease.renew()).isTrue();
    server().pass(Duration.ofMillis(9_897));
    assertThat(leases.tryAcquire("a", ttl)).isEmpty();
    server().pass(Duration.ofMillis(1));
    assertThat(lease.remaining()).isZero();
    assertThat(lease.lost()).isCompleted();
    server().pass(Duration.ofMillis(102));
    take(leases, "a", ttl);
  }

  @Test
  void tokensStrictlyIncrease() {
    List<Leases> both = List.of(leases(), leases());
    long last = 0;
    for (int i = 0; i < 20; i++) {
      Lease lease = take(both.get(i % 2), "a", LONG);
      assertThat(lease.token()).isGreaterThan(last);
      last = lease.token();
      lease.release();
    }
  }

  @Test
  void oneOfManyTakesIt() {
    List<Leases> both = List.of(leases(), leases());
    long last = 0;
    for (int round = 0; round < 10; round++) {
      List<Optional<Lease>> outcomes = race(8, i -> both.get(i % 2).tryAcquire("a", LONG));
      List<Lease> taken = outcomes.stream().flatMap(Optional::stream).toList();
      assertThat(taken).hasSize(1);
      assertThat(taken.getFirst().token()).isGreaterThan(last);
      last = taken.getFirst().token();
      taken.getFirst().release();
    }
  }

  @Test
  void nobodyIsInsideTogether() {
    List<Leases> both = List.of(leases(), leases());
    AtomicInteger inside = new AtomicInteger();
    List<Long> tokens = new ArrayList<>(); // guarded by the lease
    List<Integer> done =
        race(
            6,
            i -> {
              int times = 0;
              while (times < 5) {
                boolean ran =
                    both.get(i % 2)
                        .whileHeld(
                            "a",
                            LONG,
                            lease -> {
                              assertThat(inside.incrementAndGet()).isEqualTo(1);
                              tokens.add(lease.token());
                              inside.decrementAndGet();
                            });
                times += ran ? 1 : 0;
              }
              return times;
            });
    assertThat(done).containsOnly(5);
    assertThat(tokens).hasSize(30).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "A", "a ", "{a}", "a:a", "*", "%", "\n", "é", "e\u0301", "😀"})
  void everyNameIsALeaseOfItsOwn(String name) {
    Leases leases = leases();
    take(leases, "a", LONG);
    Lease lease = take(leases, name, LONG);
    assertThat(lease.name()).isEqualTo(name);
    assertThat(leases.tryAcquire(name, LONG)).isEmpty();
  }

  @Test
  void namespacesAreApart() {
    take(leases(), "a", LONG);
    Leases other = closing(open(way(), namespace() + "2"));
    take(other, "a", LONG);
  }

  @Test
  void workIsDoneWhileTheLeaseIsHeld() {
    Leases leases = leases();
    AtomicReference<Optional<Lease>> other = new AtomicReference<>(Optional.empty());
    boolean done =
        leases.whileHeld(
            "a",
            LONG,
            lease -> {
              assertThat(lease.remaining()).isPositive();
              other.set(leases().tryAcquire("a", LONG));
            });
    assertThat(done).isTrue();
    assertThat(other.get()).isEmpty();
    take(leases, "a", LONG);
    assertThat(leases.whileHeld("a", LONG, lease -> other.set(Optional.of(lease)))).isFalse();
    assertThat(other.get()).isEmpty();
  }

  @Test
  void workMayTakeLongerThanTheLease() {
    Leases leases = leases();
    Leases others = leases();
    Duration ttl = Duration.ofSeconds(1);
    boolean done =
        leases.whileHeld(
            "a",
            ttl,
            lease -> {
              for (int i = 0; i < 6; i++) {
                server().pass(ttl.dividedBy(4));
                assertThat(others.tryAcquire("a", ttl)).isEmpty();
              }
              assertThat(lease.remaining()).isPositive();
            });
    assertThat(done).isTrue();
    take(others, "a", ttl);
  }

  @Test
  void aLeaseIsGivenBackWhateverTheWorkThrows() {
    Leases leases = leases();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            leases.whileHeld(
                "a",
                LONG,
                lease -> {
                  throw new IllegalStateException("own");
                }))
        .withMessage("own");
    assertThatExceptionOfType(PlatformException.class)
        .isThrownBy(() ->
            leases.whileHeld(
                "a",
                LONG,
                lease -> {
                  throw new IOException("disk");
                }))
        .withCauseInstanceOf(IOException.class);
    take(leases, "a", LONG);
  }

  @Test
  void closingGivesBackWhatIsHeldAndEndsItsWork() {
    Leases leases = leases();
    take(leases, "a", LONG).release();
    CountDownLatch working = new CountDownLatch(1);
    CompletableFuture<Boolean> work =
        async(() ->
            leases.whileHeld(
                "a",
                LONG,
                lease -> {
                  working.countDown();
                  new CountDownLatch(1).await();
                }));
    await().until(() -> working.getCount() == 0);
    Lease lease = take(leases, "b", LONG);
    leases.close();
    leases.close();
    assertThat(lease.remaining()).isZero();
    assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> get(work));
    if (!server().features().contains(Feature.CLOCK)) {
      take(leases(), "a", LONG);
      take(leases(), "b", LONG);
    }
    assertRefused(IllegalStateException.class, () -> leases.tryAcquire("c", LONG), "closed");
    assertRefused(
        IllegalStateException.class, () -> leases.whileHeld("c", LONG, held -> {}), "closed");
  }

  static Stream<String> wrongNames() {
    return Stream.of("", "a\0b", "a\ud800", "x".repeat(513), "é".repeat(257));
  }

  @ParameterizedTest
  @MethodSource("wrongNames")
  void aWrongNameIsRefused(String name) {
    Leases leases = leases();
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    assertRefused(refused, () -> leases.tryAcquire(name, LONG), "name ", "must");
    assertRefused(refused, () -> leases.whileHeld(name, LONG, lease -> {}), "name ", "must");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.049S", "PT24H0.001S"})
  void aWrongTimeToLiveIsRefused(Duration ttl) {
    Leases leases = leases();
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    String rule = "must be from PT0.05S to PT24H";
    assertRefused(refused, () -> leases.tryAcquire("a", ttl), "ttl was '" + ttl + "'", rule);
    assertRefused(refused, () -> leases.whileHeld("a", ttl, lease -> {}), "ttl was", rule);
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void nullIsRefused() {
    Leases leases = leases();
    Class<NullPointerException> refused = NullPointerException.class;
    assertRefused(refused, () -> leases.tryAcquire(null, LONG), "name");
    assertRefused(refused, () -> leases.tryAcquire("a", null), "ttl");
    assertRefused(refused, () -> leases.whileHeld("a", LONG, null), "work");
    take(leases, "a", LONG);
  }

  static LongStream fiveSeeds() {
    return seeds(5);
  }

  @ParameterizedTest
  @MethodSource("fiveSeeds")
  void randomOperationsAgreeWithAModel(long seed) {
    new RandomLeases(seed, List.of(leases(), leases())).run(60);
  }
}
