package io.platformkit.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscribers;
import io.platformkit.core.bus.Subscription;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TieredCacheTest {
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final Source source = new Source();
  private final HookedStore store =
      new HookedStore(InMemoryKeyValueStore.builder().clock(clock).scannable(true).build());
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private TieredCache<String, String> cache(
      UnaryOperator<TieredCacheBuilder<String, String>> options) {
    TieredCacheBuilder<String, String> builder =
        TieredCache.builder("prices", Codec.text())
            .loader(source::load)
            .ttl(TTL)
            .clock(clock)
            .timers(timers);
    TieredCache<String, String> cache = options.apply(builder).build();
    toClose.push(cache);
    cache.start();
    return cache;
  }

  /** Without jitter, so that times are round. */
  private TieredCache<String, String> exact(
      UnaryOperator<TieredCacheBuilder<String, String>> options) {
    return cache(builder -> options.apply(builder.jitter(0)));
  }

  private static CompletableFuture<Optional<String>> async(
      TieredCache<String, String> cache, String key) {
    return CompletableFuture.supplyAsync(() -> cache.get(key), VIRTUAL);
  }

  @Nested
  class InMemory {
    private final TieredCache<String, String> cache = exact(options -> options);

    @Test
    void aValueIsLoadedOnce() {
      source.values.put("lamp", "10");
      assertThat(cache.get("lamp")).contains("10");
      assertThat(cache.get("lamp")).contains("10");
      assertThat(source.loads()).isEqualTo(1);
      assertThat(cache.stats().tiers().getFirst().hitRate()).isEqualTo(0.5);
      assertThat(cache.stats().entries()).isEqualTo(1);
    }

    @Test
    void aHitGivesTheSameObjectAgain() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      assertThat(cache.get("lamp")).isSameAs(cache.get("lamp"));
    }

    @Test
    void aValueLivesForItsTimeAndNoLonger() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      timers.advance(TTL.minus(TICK));
      cache.get("lamp");
      assertThat(source.loads()).isEqualTo(1);
      timers.advance(TICK);
      cache.get("lamp");
      assertThat(source.loads()).isEqualTo(2);
    }

    @Test
    void whatIsOverIsRemovedFromMemory() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      timers.advance(TTL.plus(TTL));
      assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void aKeyWithoutAValueIsKnownForItsOwnTime() {
      assertThat(cache.get("ghost")).isEmpty();
      timers.advance(Duration.ofSeconds(10).minus(TICK));
      assertThat(cache.get("ghost")).isEmpty();
      assertThat(source.loads()).isEqualTo(1);
      timers.advance(TICK);
      source.values.put("ghost", "1");
      assertThat(cache.get("ghost")).contains("1");
    }

    @Test
    void aValueThatWasPutIsNotLoaded() {
      cache.put("lamp", "10");
      assertThat(cache.get("lamp")).contains("10");
      assertThat(source.loads()).isZero();
    }

    @Test
    void anInvalidatedValueIsLoadedAgain() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      source.values.put("lamp", "11");
      cache.invalidate("lamp");
      assertThat(cache.get("lamp")).contains("11");
      assertThat(cache.stats().invalidations()).isEqualTo(1);
    }
  }

  @Nested
  class WhenItIsNotOpen {
    @Test
    void callsAreRefusedBeforeTheStart() {
      var cache = TieredCache.builder("prices", Codec.text()).loader(source::load).build();
      assertThatIllegalStateException()
          .isThrownBy(() -> cache.get("lamp"))
          .withMessage("cache 'prices' is not started");
    }

    @Test
    void callsAreRefusedAfterTheClose() {
      var cache = exact(options -> options);
      cache.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> cache.get("lamp"))
          .withMessage("cache 'prices' is closed");
    }

    @Test
    void aLoadUnderWayFailsAtTheClose() throws Exception {
      var cache = exact(options -> options);
      Source.Hold hold = source.hold();
      var waiting = async(cache, "lamp");
      hold.awaitRead();
      cache.close();
      assertThat(waiting)
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(IllegalStateException.class);
      hold.awaitInterrupted();
    }

    @Test
    void allWrongOptionsAreNamed() {
      var builder =
          TieredCache.builder("", Codec.text()).ttl(Duration.ZERO).jitter(2).refreshAhead(0);
      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessageContainingAll(
              "name was ''", "ttl was 'PT0S'", "jitter was '2.0'", "refreshAhead", "loader");
    }

    @Test
    void anOptionIsGivenOnce() {
      var builder = TieredCache.builder("prices", Codec.text()).ttl(TTL);
      assertThatIllegalStateException()
          .isThrownBy(() -> builder.ttl(TTL))
          .withMessage("ttl was already set");
    }

    @Test
    void aKeyThatIsNoNameIsRefused() {
      var cache = exact(options -> options);
      assertThatIllegalArgumentException().isThrownBy(() -> cache.get("k".repeat(600)));
      assertThatIllegalArgumentException().isThrownBy(() -> cache.getAll(Set.of("a\0b")));
    }
  }

  @Nested
  class Times {
    @Test
    void jitterTakesOffAShareThatTheSeedDecides() {
      double drawn = new Random(7).nextDouble();
      long life = Math.round(TTL.toMillis() * (1 - 0.5 * drawn));
      var cache = cache(options -> options.jitter(0.5).random(new Random(7)));
      cache.put("lamp", "10");
      timers.advance(Duration.ofMillis(life - 1));
      assertThat(cache.get("lamp")).contains("10");
      timers.advance(TICK);
      assertThat(cache.get("lamp")).isEmpty();
    }

    @Test
    void aValueIsLoadedAheadOfItsEndWhileTheOldOneIsServed() throws Exception {
      var cache = exact(options -> options.refreshAhead(0.8));
      source.values.put("lamp", "10");
      cache.get("lamp");
      source.values.put("lamp", "11");
      timers.advance(TTL.multipliedBy(8).dividedBy(10).minus(TICK));
      cache.get("lamp");
      assertThat(source.loads()).isEqualTo(1);
      timers.advance(TICK);
      Source.Hold hold = source.hold();
      assertThat(cache.get("lamp")).contains("10");
      hold.awaitRead();
      assertThat(cache.get("lamp")).contains("10");
      hold.goOn();
      await().until(() -> cache.get("lamp").equals(Optional.of("11")));
      assertThat(source.loads()).isEqualTo(2);
      assertThat(cache.stats().refreshes()).isEqualTo(1);
    }

    @Test
    void aRefreshThatFailsIsTriedAgainAfterASecond() {
      var cache = exact(options -> options.refreshAhead(0.5));
      source.values.put("lamp", "10");
      cache.get("lamp");
      source.failure = new IllegalArgumentException("no");
      timers.advance(TTL.dividedBy(2));
      cache.get("lamp");
      await().until(() -> cache.stats().refreshFailures() == 1);
      await().untilAsserted(() -> assertThat(timers.pending()).isEqualTo(1)); // the sweep
      assertThat(cache.get("lamp")).contains("10");
      assertThat(source.loads()).isEqualTo(2);
      timers.advance(SECOND);
      assertThat(cache.get("lamp")).contains("10");
      await().until(() -> source.loads() == 3);
    }

    @Test
    void withoutANegativeTimeEveryCallLoads() {
      var cache = exact(options -> options.negativeTtl(Duration.ZERO).tier(store));
      cache.get("ghost");
      cache.get("ghost");
      assertThat(source.loads()).isEqualTo(2);
    }
  }

  @Nested
  class WhenTheLoaderFails {
    @Test
    void eachCallerGetsItsOwnExceptionAndTheNextCallLoadsAgain() throws Exception {
      var cache = exact(options -> options);
      source.failure = new IllegalArgumentException("no");
      Source.Hold hold = source.hold();
      var first = async(cache, "lamp");
      hold.awaitRead();
      var second = async(cache, "lamp");
      await().until(() -> cache.stats().tiers().getFirst().misses() == 2);
      hold.goOn();
      Throwable one = first.handle((value, failure) -> failure.getCause()).get();
      Throwable other = second.handle((value, failure) -> failure.getCause()).get();
      assertThat(one).isInstanceOf(LoadFailedException.class).hasCause(source.failure);
      assertThat(other).isNotSameAs(one).hasCause(source.failure);
      assertThat(source.loads()).isEqualTo(1);

      source.failure = null;
      source.values.put("lamp", "10");
      assertThat(cache.get("lamp")).contains("10");
      assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void aLoadThatHangsEndsAtItsLimit() throws Exception {
      var cache = exact(options -> options.loadTimeout(SECOND));
      source.values.put("lamp", "10");
      Source.Hold hold = source.hold();
      var waiting = async(cache, "lamp");
      hold.awaitRead();
      timers.advance(SECOND);
      assertThat(waiting)
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(LoadTimeoutException.class);
      hold.awaitInterrupted();
      assertThat(cache.get("lamp")).contains("10");
    }

    @Test
    void aCallerThatIsInterruptedLeavesTheLoadToTheOthers() throws Exception {
      var cache = exact(options -> options);
      source.values.put("lamp", "10");
      Source.Hold hold = source.hold();
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  cache.get("lamp");
                } catch (CacheException e) {
                  failure.complete(Thread.currentThread().isInterrupted() ? e : new Error());
                }
              });
      hold.awaitRead();
      var other = async(cache, "lamp");
      await().until(() -> cache.stats().tiers().getFirst().misses() == 2);
      caller.interrupt();
      assertThat(failure.get()).isInstanceOf(CacheException.class);
      hold.goOn();
      assertThat(other.get()).contains("10");
      assertThat(source.loads()).isEqualTo(1);
    }

    @Test
    void anOldValueStandsInForItsTime() {
      var cache = exact(options -> options.staleOnError(Duration.ofMinutes(1)));
      source.values.put("lamp", "10");
      cache.get("lamp");
      source.failure = new IllegalArgumentException("no");
      timers.advance(TTL);
      assertThat(cache.get("lamp")).contains("10");
      assertThat(cache.get("lamp")).contains("10");
      assertThat(source.loads()).isEqualTo(2); // not tried again within a second
      timers.advance(Duration.ofMinutes(1).minus(TICK));
      assertThat(cache.get("lamp")).contains("10");
      timers.advance(TICK);
      assertThatExceptionOfType(LoadFailedException.class).isThrownBy(() -> cache.get("lamp"));
      assertThat(cache.stats().staleServed()).isEqualTo(2);
    }

    @Test
    void anInvalidatedValueNeverStandsIn() {
      var cache = exact(options -> options.staleOnError(Duration.ofMinutes(1)).tier(store));
      source.values.put("lamp", "10");
      cache.get("lamp");
      cache.invalidate("lamp");
      source.failure = new IllegalArgumentException("no");
      assertThatExceptionOfType(LoadFailedException.class).isThrownBy(() -> cache.get("lamp"));
    }

    @Test
    void anOldValueOfATierStandsInForANodeThatHasNone() {
      exact(options -> options.tier(store).staleOnError(Duration.ofMinutes(1))).put("lamp", "10");
      var other = exact(options -> options.tier(store).staleOnError(Duration.ofMinutes(1)));
      source.failure = new IllegalArgumentException("no");
      timers.advance(TTL);
      assertThat(other.get("lamp")).contains("10");
    }
  }

  @Nested
  class WithATier {
    private final TieredCache<String, String> cache = exact(options -> options.tier(store));
    private final TieredCache<String, String> other = exact(options -> options.tier(store));

    @Test
    void whatOneNodeHasLoadedAnotherFinds() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      cache.get("ghost");
      assertThat(other.get("lamp")).contains("10");
      assertThat(other.get("ghost")).isEmpty();
      assertThat(source.loads()).isEqualTo(2);
      assertThat(other.stats().tiers().get(1).hits()).isEqualTo(2);
      assertThat(other.stats().tiers().get(1).hitRate()).isEqualTo(1);
    }

    @Test
    void aValueHasOneEndOnAllNodes() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      timers.advance(TTL.minus(SECOND));
      assertThat(other.get("lamp")).contains("10");
      timers.advance(SECOND);
      source.values.put("lamp", "11");
      assertThat(other.get("lamp")).contains("11");
    }

    @Test
    void withoutABusAChangeIsSeenWhenMemoryIsOver() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      other.get("lamp");
      cache.put("lamp", "11");
      timers.advance(Duration.ofMinutes(1).minus(TICK));
      assertThat(other.get("lamp")).contains("10");
      timers.advance(TICK);
      assertThat(other.get("lamp")).contains("11");
    }

    @Test
    void bytesThatAreNoValueAreWrittenOver() {
      store.put("prices:lamp", new byte[] {1, 2, 3}, Ttl.NEVER);
      source.values.put("lamp", "10");
      assertThat(cache.get("lamp")).contains("10");
      assertThat(cache.stats().tiers().get(1).unreadable()).isEqualTo(1);
      assertThat(other.get("lamp")).contains("10");
      assertThat(source.loads()).isEqualTo(1);
    }

    @Test
    void allKeysAreForgottenWhereTheTierCanBeScanned() {
      source.values.putAll(Map.of("lamp", "10", "sofa", "20"));
      store.put("others:key", new byte[0], Ttl.NEVER);
      cache.getAll(Set.of("lamp", "sofa"));
      source.values.putAll(Map.of("lamp", "11", "sofa", "21"));
      cache.invalidateAll();
      assertThat(cache.getAll(List.of("sofa", "lamp")))
          .isEqualTo(Map.of("lamp", "11", "sofa", "21"));
      assertThat(store.get("others:key")).isPresent();
    }

    @Test
    void aTierThatCannotBeScannedRefusesToForgetAll() {
      var plain = exact(options -> options.tier(InMemoryKeyValueStore.create()));
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(plain::invalidateAll)
          .withMessageContaining("l2 of cache 'prices'");
    }

    @Test
    void aDeeperTierFillsTheOneBefore() {
      KeyValueStore nearer = InMemoryKeyValueStore.builder().clock(clock).build();
      cache.put("lamp", "10");
      var three = exact(options -> options.tier(nearer).tier(store));
      assertThat(three.get("lamp")).contains("10");
      var two = exact(options -> options.tier(nearer));
      assertThat(two.get("lamp")).contains("10");
      assertThat(source.loads()).isZero();
    }
  }

  @Nested
  class WhenAKeyChangesDuringALoad {
    private final MessageBus bus = InMemoryMessageBus.create();
    private final TieredCache<String, String> cache =
        exact(options -> options.tier(store).bus(bus));
    private final TieredCache<String, String> other =
        exact(options -> options.tier(store).bus(bus));

    private CompletableFuture<Optional<String>> held(Source.Hold hold) throws Exception {
      source.values.put("lamp", "old");
      var load = async(cache, "lamp");
      hold.awaitRead();
      source.values.put("lamp", "new");
      return load;
    }

    private void assertOnlyTheNewValueIsAnywhere() {
      assertThat(cache.get("lamp")).contains("new");
      assertThat(other.get("lamp")).contains("new");
      var third = exact(options -> options.tier(store));
      assertThat(third.get("lamp")).contains("new");
    }

    @Test
    void anInvalidationHereKeepsTheOldValueOutOfMemoryAndTier() throws Exception {
      Source.Hold hold = source.hold();
      var load = held(hold);
      cache.invalidate("lamp");
      hold.goOn();
      assertThat(load.get()).contains("old"); // asked before the change
      assertOnlyTheNewValueIsAnywhere();
      assertThat(cache.stats().superseded()).isEqualTo(1);
    }

    @Test
    void whoAsksAfterTheInvalidationGetsTheNewValueAlthoughTheLoadGoesOn() throws Exception {
      Source.Hold hold = source.hold();
      var load = held(hold);
      cache.invalidate("lamp");
      assertThat(cache.get("lamp")).contains("new");
      hold.goOn();
      assertThat(load.get()).isPresent();
      assertOnlyTheNewValueIsAnywhere();
    }

    @Test
    void anInvalidationOnAnotherNodeKeepsTheOldValueOut() throws Exception {
      Source.Hold hold = source.hold();
      var load = held(hold);
      other.invalidate("lamp");
      hold.goOn();
      load.get();
      assertOnlyTheNewValueIsAnywhere();
    }

    @Test
    void aLostMessageLeavesNothingOldInTheTier() throws Exception {
      var deaf = exact(options -> options.tier(store));
      source.values.put("lamp", "old");
      Source.Hold hold = source.hold();
      var load = async(deaf, "lamp");
      hold.awaitRead();
      source.values.put("lamp", "new");
      other.invalidate("lamp");
      hold.goOn();
      load.get();
      assertThat(deaf.get("lamp")).contains("new"); // its reservation was gone
      assertOnlyTheNewValueIsAnywhere();
    }

    @Test
    void aValueThatWasPutMeanwhileWins() throws Exception {
      Source.Hold hold = source.hold();
      var load = held(hold);
      other.put("lamp", "new");
      hold.goOn();
      assertThat(load.get()).contains("new");
      assertOnlyTheNewValueIsAnywhere();
    }

    @Test
    void whatWasReadFromTheTierBeforeIsNotKept() throws Exception {
      other.put("lamp", "old");
      CountDownLatch read = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Thread[] reader = new Thread[1];
      store.afterRead =
          () -> {
            if (Thread.currentThread().equals(reader[0])) {
              read.countDown();
              join(goOn);
            }
          };
      reader[0] = Thread.ofVirtual().unstarted(() -> cache.get("lamp"));
      reader[0].start();
      read.await();
      source.values.put("lamp", "new");
      cache.invalidate("lamp");
      goOn.countDown();
      reader[0].join();
      assertOnlyTheNewValueIsAnywhere();
    }

    @Test
    void everythingDroppedDuringALoadStaysDropped() throws Exception {
      Source.Hold hold = source.hold();
      var load = held(hold);
      other.invalidateAll();
      await().until(() -> cache.stats().drops() == 1);
      hold.goOn();
      load.get();
      assertOnlyTheNewValueIsAnywhere();
    }
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }

  @Nested
  class WithABus {
    private final LossyBus bus = new LossyBus();
    private final TieredCache<String, String> cache =
        exact(options -> options.tier(store).bus(bus));
    private final TieredCache<String, String> other =
        exact(options -> options.tier(store).bus(bus));

    @Test
    void anInvalidationReachesTheOthers() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      other.get("lamp");
      source.values.put("lamp", "11");
      cache.invalidate("lamp");
      await().until(() -> other.get("lamp").equals(Optional.of("11")));
    }

    @Test
    void aNodeKeepsWhatItHasPutItself() {
      cache.put("lamp", "10");
      cache.put("sofa", "20");
      await().until(() -> bus.delivered(4)); // both to both
      int calls = store.calls.get();
      assertThat(cache.get("lamp")).contains("10");
      assertThat(store.calls).hasValue(calls);
    }

    @Test
    void whoHasMissedMessagesDropsAllThatItHas() {
      source.values.put("lamp", "10");
      other.get("lamp");
      bus.lose();
      source.values.put("lamp", "11");
      cache.invalidate("lamp");
      assertThat(other.get("lamp")).contains("10");
      bus.missed();
      await().until(() -> other.get("lamp").equals(Optional.of("11")));
      assertThat(other.stats().drops()).isEqualTo(1);
    }

    @Test
    void aLossThatNobodyNoticesLastsUntilMemoryIsOver() {
      source.values.put("lamp", "10");
      other.get("lamp");
      bus.lose();
      source.values.put("lamp", "11");
      cache.invalidate("lamp");
      timers.advance(Duration.ofMinutes(1).minus(TICK));
      assertThat(other.get("lamp")).contains("10");
      timers.advance(TICK);
      assertThat(other.get("lamp")).contains("11");
    }

    @Test
    void aMessageThatCannotBeReadDropsAll() {
      other.put("lamp", "10");
      bus.publish("cache:prices", new byte[] {1}).join();
      await().until(() -> other.stats().drops() == 1);
    }

    @Test
    void manyKeysAreToldInMessagesThatTheBusTakes() {
      List<String> keys = IntStream.range(0, 1000).mapToObj(i -> "k".repeat(200) + i).toList();
      source.values.put(keys.getLast(), "10");
      other.get(keys.getLast());
      source.values.put(keys.getLast(), "11");
      cache.invalidateAll(keys);
      await().until(() -> other.get(keys.getLast()).equals(Optional.of("11")));
    }

    @Test
    void aBusThatIsDownAtTheStartIsListenedToLater() {
      bus.down = true;
      var late = exact(options -> options.tier(store).bus(bus));
      source.values.put("lamp", "10");
      late.get("lamp");
      bus.down = false;
      timers.advance(SECOND);
      assertThat(late.stats().drops()).isEqualTo(1);
      late.get("lamp");
      source.values.put("lamp", "11");
      cache.invalidate("lamp");
      await().until(() -> late.get("lamp").equals(Optional.of("11")));
    }
  }

  /** A bus that loses messages without a notice, and gives one when it is told to. */
  private static final class LossyBus implements MessageBus {
    private final Subscribers subscribers = Subscribers.of("lossy", 100, ErrorHandler.logging());
    private volatile boolean losing;
    private volatile boolean down;
    private final AtomicInteger heard = new AtomicInteger();

    void lose() {
      losing = true;
    }

    void missed() {
      losing = false;
      subscribers.missed();
    }

    boolean delivered(int messages) {
      return heard.get() == messages;
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] data) {
      if (!losing) {
        subscribers.deliver(topic, data);
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Subscription subscribe(String topic, BusListener listener) {
      if (down) {
        throw new UnavailableException("down");
      }
      return subscribers.add(
          topic,
          new BusListener() {
            @Override
            public void onMessage(byte[] data) {
              listener.onMessage(data);
              heard.incrementAndGet();
            }

            @Override
            public void onMissed() {
              listener.onMissed();
            }
          },
          () -> {});
    }

    @Override
    public void close() {
      subscribers.close();
    }
  }

  @Nested
  class WhenATierFails {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TieredCache<String, String> cache =
        exact(options -> options.tier(store).meterRegistry(registry));

    private double counted(String meter, String... tags) {
      return registry.get("platform.core.cache." + meter).tags(tags).functionCounter().count();
    }

    @Test
    void valuesAreLoadedAndTheTierIsLeftAloneForAWhile() {
      store.before =
          () -> {
            throw new UnavailableException("down");
          };
      for (int i = 0; i < 10; i++) {
        assertThat(cache.get("lamp" + i)).isEmpty();
      }
      assertThat(store.calls).hasValue(Circuit.FAILURES);
      assertThat(cache.stats().tiers().get(1).failures()).isEqualTo(3);
      assertThat(counted("tier.failures", "tier", "l2", "reason", "error")).isEqualTo(3);
      assertThat(counted("tier.failures", "tier", "l2", "reason", "skipped")).isPositive();

      timers.advance(SECOND);
      cache.get("sofa");
      assertThat(store.calls).hasValue(Circuit.FAILURES + 1); // one try a pause

      store.before = () -> {};
      timers.advance(SECOND);
      cache.put("bed", "30");
      exact(options -> options.tier(store)).put("desk", "40");
      assertThat(cache.get("desk")).contains("40");
    }

    @Test
    void aTierThatIsSlowIsWaitedForNoLongerThanItsLimit() throws Exception {
      CountDownLatch never = new CountDownLatch(1);
      CountDownLatch asked = new CountDownLatch(1);
      store.before =
          () -> {
            asked.countDown();
            join(never);
          };
      source.values.put("lamp", "10");
      var waiting = async(cache, "lamp");
      asked.await();
      timers.advance(Duration.ofMillis(313));
      assertThat(waiting.get()).contains("10");
      assertThat(cache.stats().tiers().get(1).timeouts()).isEqualTo(1);
    }

    @Test
    void anInvalidationThatTheTierMissesIsTold() {
      source.values.put("lamp", "10");
      cache.get("lamp");
      store.before =
          () -> {
            throw new UnavailableException("down");
          };
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> cache.invalidate("lamp"))
          .withCauseInstanceOf(UnavailableException.class);
      store.before = () -> {};
      source.values.put("lamp", "11");
      cache.invalidate("lamp");
      assertThat(cache.get("lamp")).contains("11");
    }

    @Test
    void aPutThatTheTierMissesIsToldAndNotKept() {
      source.values.put("lamp", "10");
      store.before =
          () -> {
            throw new UnavailableException("down");
          };
      assertThatExceptionOfType(CacheException.class).isThrownBy(() -> cache.put("lamp", "11"));
      store.before = () -> {};
      assertThat(cache.get("lamp")).contains("10");
    }

    @Test
    void aCallerThatIsInterruptedInTheTierLeavesTheLoadToTheOthers() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      Thread[] caller = new Thread[1];
      store.before =
          () -> {
            if (Thread.currentThread().equals(caller[0])) {
              asked.countDown();
              while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
              }
              throw new UnavailableException("interrupted");
            }
          };
      source.values.put("lamp", "10");
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      caller[0] =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  cache.get("lamp");
                } catch (CacheException e) {
                  failure.complete(e);
                }
              });
      caller[0].start();
      asked.await();
      var other = async(cache, "lamp");
      await().until(() -> cache.stats().tiers().getFirst().misses() == 2);
      caller[0].interrupt();
      assertThat(failure.get()).hasMessageContaining("interrupted");
      assertThat(other.get()).contains("10");
      assertThat(cache.stats().tiers().get(1).failures()).isZero();
    }

    @Test
    void metersLeaveWithTheCache() {
      cache.get("lamp");
      assertThat(counted("requests", "tier", "l2", "result", "miss")).isEqualTo(1);
      assertThat(counted("requests", "tier", "l1", "result", "miss")).isEqualTo(1);
      assertThat(registry.get("platform.core.cache.loads").functionTimer().count()).isEqualTo(1);
      cache.close();
      assertThat(registry.getMeters()).isEmpty();
    }
  }

  @Nested
  class ManyKeys {
    private final TieredCache<String, String> cache =
        exact(options -> options.tier(store).bulkLoader(source::loadAll));

    @Test
    void whatIsMissingIsLoadedAtOnce() {
      source.values.putAll(Map.of("a", "1", "b", "2", "c", "3", "d", "4"));
      cache.get("a");
      exact(options -> options.tier(store)).put("b", "2");
      assertThat(cache.getAll(List.of("d", "a", "ghost", "c", "b")))
          .containsExactly(
              Map.entry("d", "4"), Map.entry("a", "1"), Map.entry("c", "3"), Map.entry("b", "2"));
      assertThat(source.asked).containsExactly(Set.of("a"), Set.of("c", "d", "ghost"));
      assertThat(cache.getAll(List.of("ghost"))).isEmpty();
      assertThat(source.loads()).isEqualTo(2);
      var other = exact(options -> options.tier(store));
      assertThat(other.getAll(List.of("a", "c", "d", "ghost"))).hasSize(3);
      assertThat(source.loads()).isEqualTo(2);
    }

    @Test
    void whatIsBeingLoadedIsWaitedFor() throws Exception {
      source.values.putAll(Map.of("a", "1", "b", "2", "c", "3"));
      Source.Hold hold = source.hold();
      var single = async(cache, "a");
      hold.awaitRead();
      var many = CompletableFuture.supplyAsync(() -> cache.getAll(List.of("a", "b", "c")), VIRTUAL);
      await().until(() -> source.loads() == 2);
      hold.goOn();
      assertThat(single.get()).contains("1");
      assertThat(many.get()).hasSize(3);
      assertThat(source.asked).containsExactly(Set.of("a"), Set.of("b", "c"));
    }

    @Test
    void aBulkLoadThatFailsFailsForAllOfThem() {
      source.failure = new IllegalArgumentException("no");
      assertThatExceptionOfType(LoadFailedException.class)
          .isThrownBy(() -> cache.getAll(List.of("a", "b")))
          .withCause(source.failure);
      source.failure = null;
      source.values.put("a", "1");
      assertThat(cache.get("a")).contains("1");
    }

    @Test
    void anInvalidationDuringABulkLoadKeepsTheOldValueOut() throws Exception {
      source.values.putAll(Map.of("a", "old", "b", "2"));
      Source.Hold hold = source.hold();
      var many = CompletableFuture.supplyAsync(() -> cache.getAll(List.of("a", "b")), VIRTUAL);
      hold.awaitRead();
      source.values.put("a", "new");
      cache.invalidate("a");
      hold.goOn();
      assertThat(many.get()).hasSize(2);
      assertThat(cache.get("a")).contains("new");
      assertThat(exact(options -> options.tier(store)).get("a")).contains("new");
    }

    @Test
    void withoutABulkLoaderEachIsLoadedByItself() {
      var single = exact(options -> options);
      source.values.putAll(Map.of("a", "1", "b", "2"));
      assertThat(single.getAll(List.of("a", "b"))).hasSize(2);
      assertThat(source.asked).containsExactlyInAnyOrder(Set.of("a"), Set.of("b"));
    }

    @Test
    void tooManyAreRefused() {
      List<String> keys =
          IntStream.rangeClosed(0, TieredCache.MAX_KEYS).mapToObj(String::valueOf).toList();
      assertThatIllegalArgumentException().isThrownBy(() -> cache.getAll(keys));
    }
  }

  @Test
  void keysOfOtherTypesHaveNames() {
    var cache =
        TieredCache.builder("squares", KeyCodec.of(Object::toString, Long::valueOf), Codec.text())
            .loader(key -> Optional.of(String.valueOf(key * key)))
            .tier(store)
            .clock(clock)
            .timers(timers)
            .build();
    toClose.push(cache);
    cache.start();
    assertThat(cache.get(12L)).contains("144");
    assertThat(store.get("squares:12")).isPresent();
  }

  @Test
  void memoryIsBoundedByWeight() {
    var cache = exact(options -> options.maxWeight(10, (key, value) -> value.length()));
    for (int i = 0; i < 20; i++) {
      cache.put("key" + i, "12345");
    }
    await().until(() -> cache.stats().entries() <= 2);
  }
}
