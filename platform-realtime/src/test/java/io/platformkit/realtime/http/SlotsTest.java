package io.platformkit.realtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private final Slots slots = new Slots(1);
  private final List<String> got = new ArrayList<>();
  private final Runnable first = this::gotFirst;
  private final Runnable second = this::gotSecond;

  @Test
  void whoeverWaitsGetsTheSlotInTurn() {
    assertThat(slots.take(() -> {})).isTrue();
    assertThat(slots.take(first)).isFalse();
    assertThat(slots.take(second)).isFalse();
    slots.release();
    assertThat(got).containsExactly("first");
    slots.release();
    assertThat(got).containsExactly("first", "second");
    assertThat(slots.taken()).isEqualTo(1);
    slots.release();
    assertThat(slots.taken()).isZero();
  }

  @Test
  void whoeverGaveUpIsPassedOver() {
    assertThat(slots.take(() -> {})).isTrue();
    assertThat(slots.take(first)).isFalse();
    assertThat(slots.take(second)).isFalse();
    assertThat(slots.giveUp(first)).isTrue();
    slots.release();
    assertThat(got).containsExactly("second");
    assertThat(slots.giveUp(second)).isFalse();
  }

  @Test
  void aDrainWaitsForTheLastOne() throws Exception {
    assertThat(slots.take(() -> {})).isTrue();
    var drained = new CountDownLatch(1);
    Thread draining =
        Thread.startVirtualThread(() -> {
          try {
            slots.awaitAllFree();
            drained.countDown();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(draining.isAlive()).isTrue();
    slots.release();
    drained.await();
    assertThat(slots.taken()).isZero();
  }

  private void gotFirst() {
    got.add("first");
  }

  private void gotSecond() {
    got.add("second");
  }
}
