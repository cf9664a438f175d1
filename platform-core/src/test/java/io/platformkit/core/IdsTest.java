package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IdsTest {
  /** RFC 9562, appendix A.6. */
  private static final UUID RFC_EXAMPLE = UUID.fromString("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");

  private static final Instant RFC_TIME = Instant.parse("2022-02-22T19:22:22Z");

  private final SettableClock clock = SettableClock.create();
  private final Ids ids = Ids.create(clock, new Random(42));

  @Test
  void bitsAreLaidOutAsInTheExampleOfTheRfc() {
    assertThat(Ids.layOut(RFC_TIME.toEpochMilli(), 0xCC3, 0x18C4DC0C0C07398FL))
        .isEqualTo(RFC_EXAMPLE);
    assertThat(Ids.timeOf(RFC_EXAMPLE)).isEqualTo(RFC_TIME);
  }

  @Test
  void anIdIsAVersion7UuidOfTheClocksTime() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(Ids.timeOf(id)).isEqualTo(clock.instant());
  }

  @Test
  void textIsTheUsualSpelling() {
    String id = ids.nextText();

    assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(UUID.fromString(id)).hasToString(id);
  }

  @Test
  void theSameClockAndSeedGiveTheSameIds() {
    Ids same = Ids.create(clock, new Random(42));

    assertThat(List.of(ids.next(), ids.next())).containsExactly(same.next(), same.next());
  }

  @Test
  void timeOfRefusesOtherVersions() {
    UUID random = UUID.fromString("919108f7-52d1-4320-9bac-f847db4148a8");

    assertThatThrownBy(() -> Ids.timeOf(random))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of version 4, variant 2, but it must be of version 7");
    assertThatThrownBy(() -> Ids.timeOf(new UUID(0x7000, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("variant 0");
  }

  @Test
  void idsOfOneMillisecondKeepTheirOrder() {
    assertStrictlyIncreasing(take(2_000));
    assertThat(Ids.timeOf(ids.next())).isEqualTo(clock.instant());
  }

  @Test
  void anOverflowOfTheCounterCarriesIntoTheTime() {
    List<UUID> taken = take(10_000);

    assertStrictlyIncreasing(taken);
    assertThat(Ids.timeOf(taken.getLast()))
        .isAfter(clock.instant())
        .isBeforeOrEqualTo(clock.instant().plusMillis(4));
  }

  @Test
  void atLeastHalfTheCounterIsFreeInEachMillisecond() {
    RandomGenerator allOnes = () -> -1L;
    Ids highest = Ids.create(clock, allOnes);

    UUID last = highest.next();
    for (int i = 1; i <= 2_048; i++) {
      last = highest.next();
    }

    assertThat(Ids.timeOf(last)).isEqualTo(clock.instant());
    assertThat(Ids.timeOf(highest.next())).isEqualTo(clock.instant().plusMillis(1));
  }

  @Test
  void aClockThatCatchesUpTakesOverAgain() {
    List<UUID> taken = new ArrayList<>(take(10_000));
    clock.advance(Duration.ofSeconds(1));
    taken.add(ids.next());

    assertStrictlyIncreasing(taken);
    assertThat(Ids.timeOf(taken.getLast())).isEqualTo(clock.instant());
  }

  @Test
  void aClockThatGoesBackKeepsTheOrder() {
    List<UUID> taken = new ArrayList<>();
    Instant start = clock.instant();
    for (int back : new int[] {0, 1, 3_600_000, 5, 86_400_000}) {
      clock.set(start.minusMillis(back));
      taken.addAll(take(10));
    }

    assertStrictlyIncreasing(taken);
    assertThat(Ids.timeOf(taken.getLast())).isEqualTo(start);
  }

  @Test
  void aTimeThatDoesNotFitIsRefused() {
    clock.set(Instant.EPOCH.minusMillis(1));
    assertThatThrownBy(ids::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1969-12-31T23:59:59.999Z");

    clock.set(Instant.ofEpochMilli(1L << 48));
    assertThatThrownBy(ids::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void eightThreadsGetUniqueIdsEachInOrder() throws Exception {
    Ids shared = Ids.create();
    List<Future<List<UUID>>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        futures.add(threads.submit(() -> take(shared, 5_000)));
      }
    }

    Set<UUID> all = new HashSet<>();
    for (Future<List<UUID>> future : futures) {
      assertStrictlyIncreasing(future.get());
      all.addAll(future.get());
    }
    assertThat(all).hasSize(40_000);
  }

  private List<UUID> take(int count) {
    return take(ids, count);
  }

  private static List<UUID> take(Ids ids, int count) {
    List<UUID> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(ids.next());
    }
    return taken;
  }

  private static void assertStrictlyIncreasing(List<UUID> ids) {
    for (int i = 1; i < ids.size(); i++) {
      assertThat(ids.get(i)).isGreaterThan(ids.get(i - 1));
      assertThat(ids.get(i).toString()).isGreaterThan(ids.get(i - 1).toString());
    }
  }
}
