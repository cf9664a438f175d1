package io.platformkit.ml.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.ml.Tensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The order in which requests that wait are taken, as callers see it. */
class LineTest {
  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final GatedModel model = new GatedModel();

  @Test
  void aLowRequestWaitsForABoundedNumberOfBatchesWhateverComesAfterIt() throws Exception {
    try (Batcher batcher =
        Batcher.builder(model.runner).timers(timers).lanes(1).maxBatch(1).build()) {
      batcher.start();
      Terms high = Terms.of(Priority.HIGH);
      CompletableFuture<Outcome> busy = batcher.submit(Doubling.x(0), high);
      model.awaitRuns(1);
      CompletableFuture<Outcome> low = batcher.submit(Doubling.x(-1), Terms.of(Priority.LOW));
      timers.advance(Duration.ofMillis(1));
      for (int i = 1; i <= 2 * Line.BY_AGE; i++) {
        CompletableFuture<?> unused = batcher.submit(Doubling.x(i), high);
      }
      model.open();
      assertThat(busy.get()).isInstanceOf(Outcome.Computed.class);
      assertThat(low.get()).isInstanceOf(Outcome.Computed.class);
      await().until(() -> batcher.stats().waitingRows() == 0);
      assertThat(model.runs().indexOf(List.of(-1f))).isLessThan(Line.BY_AGE);
    }
  }

  @Test
  void takingAndRemovingKeepsCountOfRowsAndLosesNobody() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Batcher batcher = Batcher.builder(model.runner).timers(timers).build()) {
      Line line = new Line();
      Set<Request> inside = new HashSet<>();
      List<Priority> priorities = List.of(Priority.values());
      for (int step = 0; step < 10_000; step++) {
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Terms terms = Terms.of(priorities.get(random.nextInt(3)));
            int rows = 1 + random.nextInt(5);
            Request request = batcher.request(Doubling.x(new float[rows]), Tensors.none(), terms);
            line.add(request);
            inside.add(request);
          }
          case 2 -> {
            List<Request> taken = new ArrayList<>();
            line.take(1 + random.nextInt(8), 0, taken, new ArrayList<>());
            assertThat(inside).as("seed %d", seed).containsAll(taken);
            inside.removeAll(taken);
          }
          case 3 -> {
            List<Request> displaced = new ArrayList<>();
            int excess = 1 + random.nextInt(6);
            boolean room = line.makeRoom(excess, Priority.HIGH, displaced);
            int rows = displaced.stream().mapToInt(each -> each.rows).sum();
            assertThat(rows >= excess).as("seed %d", seed).isEqualTo(room);
            assertThat(displaced).noneMatch(each -> each.priority == Priority.HIGH);
            inside.removeAll(displaced);
          }
          default ->
              inside.stream()
                  .findAny()
                  .ifPresent(any -> {
                    line.remove(any);
                    line.remove(any);
                    inside.remove(any);
                  });
        }
        int rows = inside.stream().mapToInt(each -> each.rows).sum();
        assertThat(line.rows()).as("seed %d", seed).isEqualTo(rows);
        assertThat(line.isEmpty()).isEqualTo(inside.isEmpty());
      }
      List<Request> left = new ArrayList<>();
      line.takeAll(left);
      assertThat(left).containsExactlyInAnyOrderElementsOf(inside);
    }
  }
}
