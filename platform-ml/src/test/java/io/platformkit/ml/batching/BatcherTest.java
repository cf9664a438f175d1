package io.platformkit.ml.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SettableClock;
import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final GatedModel model = new GatedModel();
  private Batcher batcher = started(options().lanes(1));

  private BatcherBuilder options() {
    return Batcher.builder(model.runner).timers(timers).meterRegistry(meters);
  }

  private static Batcher started(BatcherBuilder options) {
    Batcher started = options.build();
    started.start();
    return started;
  }

  private void use(BatcherBuilder options) {
    batcher.close();
    batcher = started(options);
  }

  @AfterEach
  void close() {
    model.open();
    batcher.close();
    model.runner.close();
  }

  private CompletableFuture<Outcome> submit(Terms terms, float... values) {
    return batcher.submit(Doubling.x(values), terms);
  }

  private CompletableFuture<Outcome> submit(float... values) {
    return submit(Terms.DEFAULT, values);
  }

  /** Keeps the only lane busy. */
  private void occupyLane() throws InterruptedException {
    ask(Terms.DEFAULT, 0);
    model.awaitRuns(1);
  }

  private void ask(Terms terms, float... values) {
    CompletableFuture<?> unused = submit(terms, values);
  }

  private static Outcome.Computed computed(CompletableFuture<Outcome> future) throws Exception {
    Outcome outcome = outcome(future);
    assertThat(outcome).isInstanceOf(Outcome.Computed.class);
    return (Outcome.Computed) outcome;
  }

  private static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aRequestThatFindsALaneIdleIsComputedAtOnce() throws Exception {
    model.open();
    Outcome.Computed computed = computed(submit(3, 4));
    assertThat(Doubling.read(computed.outputs())).containsExactly(6, 8);
    assertThat(computed.batchRows()).isEqualTo(2);
    assertThat(computed.waited()).isZero();
  }

  @Test
  void requestsThatFindTheLaneBusyAreComputedTogether() throws Exception {
    occupyLane();
    CompletableFuture<Outcome> one = submit(1);
    CompletableFuture<Outcome> two = submit(2, 3);
    CompletableFuture<Outcome> three = submit(4);
    timers.advance(Duration.ofMillis(2));
    model.open();

    assertThat(Doubling.read(computed(one).outputs())).containsExactly(2);
    assertThat(Doubling.read(computed(two).outputs())).containsExactly(4, 6);
    assertThat(Doubling.read(computed(three).outputs())).containsExactly(8);
    assertThat(computed(three).batchRows()).isEqualTo(4);
    assertThat(computed(three).waited()).isEqualTo(Duration.ofMillis(2));
    assertThat(model.runs()).containsExactly(List.of(0f), List.of(1f, 2f, 3f, 4f));
  }

  @Test
  void aBatchBetweenTwoSizesIsFilledWithItsLastRow() throws Exception {
    use(options().lanes(1).sizes(4, 1));
    assertThat(batcher.sizes()).containsExactly(1, 4);
    model.open();
    assertThat(Doubling.read(computed(submit(5, 6)).outputs())).containsExactly(10, 12);
    assertThat(model.runs()).containsExactly(List.of(5f, 6f, 6f, 6f));
  }

  @Test
  void aRequestOfMoreRowsThanABatchIsComputedInParts() throws Exception {
    use(options().lanes(1).maxBatch(2));
    model.open();
    Outcome.Computed computed = computed(submit(1, 2, 3, 4, 5));
    assertThat(Doubling.read(computed.outputs())).containsExactly(2, 4, 6, 8, 10);
    assertThat(model.runs()).containsExactly(List.of(1f, 2f), List.of(3f, 4f), List.of(5f));
  }

  @Test
  void higherPrioritiesGoFirst() throws Exception {
    use(options().lanes(1).maxBatch(1));
    occupyLane();
    ask(Terms.of(Priority.LOW), 1);
    ask(Terms.of(Priority.NORMAL), 2);
    ask(Terms.of(Priority.HIGH), 3);
    CompletableFuture<Outcome> last = submit(Terms.of(Priority.LOW), 4);
    model.open();
    computed(last);
    assertThat(model.runs())
        .containsExactly(List.of(0f), List.of(3f), List.of(2f), List.of(1f), List.of(4f));
  }

  @Nested
  class WhenAllOtherLanesCompute {
    /** One lane is in a run, the other has just finished one and finds a row waiting. */
    private CompletableFuture<Outcome> held() throws Exception {
      use(options().lanes(2).adaptive(false).maxBatch(4).maxWait(Duration.ofMillis(10)));
      occupyLane();
      ask(Terms.DEFAULT, 1);
      model.awaitRuns(1);
      CompletableFuture<Outcome> held = submit(2);
      model.letGo(1);
      await().until(() -> timers.pending() == 1); // one of the lanes lets it wait
      return held;
    }

    @Test
    void aSmallBatchWaitsNoLongerThanTheLongestWait() throws Exception {
      CompletableFuture<Outcome> held = held();
      timers.advance(Duration.ofMillis(9));
      assertThat(held).isNotDone();
      assertThat(model.runs()).hasSize(2);

      timers.advance(Duration.ofMillis(1));
      model.awaitRuns(1);
      model.open();
      assertThat(computed(held).waited()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aBatchThatIsWorthARunIsComputedAtOnce() throws Exception {
      CompletableFuture<Outcome> held = held();
      ask(Terms.DEFAULT, 3, 4, 5);
      model.awaitRuns(1);
      model.open();
      assertThat(computed(held).batchRows()).isEqualTo(4);
    }

    @Test
    void aLaneWhoseBatchWasCancelledIsIdle() throws Exception {
      CompletableFuture<Outcome> held = held();
      held.cancel(false);
      CompletableFuture<Outcome> next = submit(7);
      model.awaitRuns(1);
      model.open();
      assertThat(computed(next).waited()).isZero();
    }

    @Test
    void aSmallBatchIsComputedAsSoonAsALaneComesFree() throws Exception {
      CompletableFuture<Outcome> held = held();
      model.letGo(1);
      model.awaitRuns(1);
      model.open();
      assertThat(computed(held).waited()).isZero();
    }
  }

  @Test
  void oneThatWasWarmedUpAndNeverStartedGivesItsBindingsBack() {
    AtomicInteger bindings = new AtomicInteger();
    try (ModelRunner counted = new CountedBindings(Doubling.runner(), bindings)) {
      Batcher warm = Batcher.builder(counted).lanes(1).maxBatch(2).build();
      warm.warmUp();
      assertThat(bindings).hasValue(2);
      warm.close();
      assertThat(bindings).hasValue(0);
    }
  }

  /** How many bindings are open. */
  private record CountedBindings(ModelRunner runner, AtomicInteger open) implements ModelRunner {
    @Override
    public VersionId id() {
      return runner.id();
    }

    @Override
    public ModelSignature signature() {
      return runner.signature();
    }

    @Override
    public Binding bind(Tensors inputs, Tensors outputs) {
      Binding binding = runner.bind(inputs, outputs);
      open.incrementAndGet();
      return new Binding() {
        @Override
        public Tensors run() {
          return binding.run();
        }

        @Override
        public void close() {
          binding.close();
          open.decrementAndGet();
        }
      };
    }

    @Override
    public void close() {
      runner.close();
    }
  }

  @Nested
  class WhenTheQueueIsFull {
    private CompletableFuture<Outcome> low = new CompletableFuture<>();
    private CompletableFuture<Outcome> normal = new CompletableFuture<>();

    private void fill() throws InterruptedException {
      use(options().lanes(1).queueRows(4));
      occupyLane();
      low = submit(Terms.of(Priority.LOW), 1, 2);
      normal = submit(3, 4);
    }

    @Test
    void aNewcomerIsRefused() throws Exception {
      fill();
      Outcome outcome = outcome(submit(Terms.of(Priority.LOW), 9));
      assertThat(outcome).isEqualTo(new Outcome.Overloaded(Outcome.Overloaded.FULL));
      assertThat(batcher.stats().shed())
          .containsExactly(new BatchStats.Shed("full", Priority.LOW, 1));
      assertThat(shedMeter("full", "low")).isEqualTo(1);
      model.open();
      computed(low);
      computed(normal);
    }

    @Test
    void aNewcomerOfHigherPriorityTakesTheRoomOfALowerOne() throws Exception {
      fill();
      CompletableFuture<Outcome> high = submit(Terms.of(Priority.HIGH), 9);
      assertThat(outcome(low)).isEqualTo(new Outcome.Overloaded(Outcome.Overloaded.DISPLACED));
      assertThat(batcher.stats().allShed()).isEqualTo(1);
      assertThat(shedMeter("displaced", "low")).isEqualTo(1);
      model.open();
      computed(high);
      computed(normal);
    }

    @Test
    void nobodyIsDisplacedForANewcomerThatFindsNoRoomEvenSo() throws Exception {
      fill();
      CompletableFuture<Outcome> wide = submit(Terms.DEFAULT, 5, 6, 7);
      assertThat(outcome(wide)).isEqualTo(new Outcome.Overloaded(Outcome.Overloaded.FULL));
      model.open();
      computed(low);
      computed(normal);
    }

    private double shedMeter(String reason, String priority) {
      return meters
          .get("platform.ml.batch.shed")
          .tags("model", "doubling", "reason", reason, "priority", priority)
          .functionCounter()
          .count();
    }
  }

  @Test
  void aRequestWhosePatienceEndsIsNotComputedEvenIfARunHangs() throws Exception {
    occupyLane();
    CompletableFuture<Outcome> brief = submit(Terms.within(Duration.ofMillis(5)), 1);
    CompletableFuture<Outcome> patient = submit(Terms.within(Duration.ofMillis(50)), 2);
    timers.advance(Duration.ofMillis(4));
    assertThat(brief).isNotDone();
    timers.advance(Duration.ofMillis(1));
    assertThat(outcome(brief)).isEqualTo(new Outcome.Expired(Duration.ofMillis(5)));
    assertThat(patient).isNotDone();
    timers.advance(Duration.ofMillis(45));
    assertThat(outcome(patient)).isEqualTo(new Outcome.Expired(Duration.ofMillis(50)));
    model.open();
    computed(submit(3));
    assertThat(model.runs()).containsExactly(List.of(0f), List.of(3f));
    assertThat(batcher.stats().expired()).isEqualTo(2);
  }

  @Test
  void aComputationThatBeganInTimeIsGivenHoweverLongItTakes() throws Exception {
    CompletableFuture<Outcome> begun = submit(Terms.within(Duration.ofMillis(5)), 1);
    model.awaitRuns(1);
    timers.advance(Duration.ofSeconds(1));
    model.open();
    assertThat(computed(begun).computed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aPoisonedRequestFailsAlone() throws Exception {
    occupyLane();
    List<CompletableFuture<Outcome>> good = List.of(submit(1), submit(2), submit(3));
    CompletableFuture<Outcome> bad = submit(Doubling.POISON, 4);
    List<CompletableFuture<Outcome>> more = List.of(submit(5), submit(6), submit(7), submit(8));
    model.open();

    Outcome.Failed failed = (Outcome.Failed) outcome(bad);
    assertThat(failed.failure())
        .hasMessage("model 'doubling' version '1': the function failed: poisoned");
    for (int i = 0; i < 3; i++) {
      assertThat(Doubling.read(computed(good.get(i)).outputs())).containsExactly(2f * (i + 1));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(Doubling.read(computed(more.get(i)).outputs())).containsExactly(2f * (i + 5));
    }
    assertThat(model.runs()).hasSize(2 + 2 * 3);
    assertThat(batcher.stats().failed()).isEqualTo(1);
  }

  @Test
  void aLaneSurvivesAModelThatThrowsAnError() throws Exception {
    List<Throwable> told = new CopyOnWriteArrayList<>();
    LinkageError error = new LinkageError("broken");
    ModelRunner broken =
        Doubling.runner((inputs, outputs) -> {
          if (inputs.get("x").floats().get(0) == 13) {
            throw error;
          }
        });
    try (Batcher other =
        started(Batcher.builder(broken).errorHandler((where, failure) -> told.add(failure)))) {
      Outcome.Failed failed = (Outcome.Failed) outcome(other.submit(Doubling.x(13), Terms.DEFAULT));
      assertThat(failed.failure()).hasCause(error);
      assertThat(told).containsExactly(error);
      computed(other.submit(Doubling.x(14), Terms.DEFAULT));
    }
  }

  @Test
  void aCancelledRequestThatWaitsIsNotComputed() throws Exception {
    occupyLane();
    CompletableFuture<Outcome> cancelled = submit(1);
    CompletableFuture<Outcome> completed = submit(2);
    CompletableFuture<Outcome> kept = submit(3);
    assertThat(cancelled.cancel(true)).isTrue();
    assertThat(cancelled).isCancelled();
    assertThat(completed.complete(new Outcome.Expired(Duration.ZERO))).isTrue();
    assertThat(batcher.stats().waitingRows()).isEqualTo(1);
    model.open();
    computed(kept);
    assertThat(model.runs()).containsExactly(List.of(0f), List.of(3f));
    assertThat(batcher.stats().cancelled()).isEqualTo(2);
    assertThat(kept.cancel(true)).isFalse();
  }

  @Test
  void theTensorsOfARequestThatWasCancelledDuringItsRunAreLeftAlone() throws Exception {
    Tensors outputs = Doubling.y(1);
    CompletableFuture<Outcome> cancelled = batcher.submit(Doubling.x(21), outputs, Terms.DEFAULT);
    model.awaitRuns(1);
    assertThat(cancelled.cancel(false)).isTrue();
    model.open();
    computed(submit(1));
    assertThat(Doubling.read(outputs)).containsExactly(0);
  }

  @Test
  void anInterruptedCallerTakesItsRequestBack() throws Exception {
    occupyLane();
    FutureTask<Outcome> call =
        new FutureTask<>(() -> batcher.run(Doubling.x(1), Doubling.y(1), Terms.DEFAULT));
    Thread caller = Thread.ofVirtual().start(call);
    await().until(() -> batcher.stats().waitingRows() == 1);
    caller.interrupt();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> call.get(30, TimeUnit.SECONDS))
        .withCauseInstanceOf(InterruptedException.class);
    assertThat(batcher.stats().waitingRows()).isZero();
    assertThat(batcher.stats().cancelled()).isEqualTo(1);
  }

  @Test
  void aCallerWhoFindsALaneIdleComputesOnItsOwnThreadIfRunsAreQuick() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    ModelRunner telling = Doubling.runner((inputs, outputs) -> threads.add(Thread.currentThread()));
    try (Batcher other = Batcher.builder(telling).timers(timers).lanes(1).maxBatch(2).build()) {
      other.warmUp();
      other.start();
      threads.clear();
      Tensors outputs = Doubling.y(1);
      await()
          .until(() -> {
            other.run(Doubling.x(4), outputs, Terms.DEFAULT);
            return threads.getLast().equals(Thread.currentThread()); // its lane may not have begun
          });
      assertThat(Doubling.read(outputs)).containsExactly(8);
      computed(other.submit(Doubling.x(5), Terms.DEFAULT));
      assertThat(threads.getLast().getName()).isEqualTo("batch-doubling-0");
    }
  }

  @Nested
  class WhenItIsClosed {
    @Test
    void whatWasAcceptedIsComputed() throws Exception {
      occupyLane();
      List<CompletableFuture<Outcome>> waiting = List.of(submit(1), submit(2), submit(3));
      FutureTask<Boolean> closing = new FutureTask<>(batcher::close, true);
      Thread.ofVirtual().start(closing);
      await().until(() -> outcome(submit(4)) instanceof Outcome.Overloaded);
      model.open();
      closing.get(30, TimeUnit.SECONDS);
      for (CompletableFuture<Outcome> each : waiting) {
        computed(each);
      }
    }

    @Test
    void whoeverAHangingRunKeepsWaitingIsTold() throws Exception {
      use(options().lanes(1).drainTimeout(Duration.ofMillis(50)));
      Tensors outputs = Doubling.y(1);
      CompletableFuture<Outcome> hanging = batcher.submit(Doubling.x(1), outputs, Terms.DEFAULT);
      model.awaitRuns(1);
      CompletableFuture<Outcome> waiting = submit(2);
      assertThatExceptionOfType(PlatformException.class)
          .isThrownBy(batcher::close)
          .withMessageContaining("batch lanes");
      assertThat(outcome(waiting)).isEqualTo(new Outcome.Overloaded(Outcome.Overloaded.CLOSED));
      assertThat(outcome(hanging)).isEqualTo(new Outcome.Overloaded(Outcome.Overloaded.CLOSED));
      model.open();
      assertThat(Doubling.read(outputs)).containsExactly(0);
    }

    @Test
    void itsMetersAreGoneAndTheRunnerIsOpen() {
      model.open();
      batcher.close();
      batcher.close();
      assertThat(meters.getMeters()).isEmpty();
      assertThat(model.runner.run(Doubling.x(2)).get("y").floats().get(0)).isEqualTo(4);
    }

    @Test
    void oneThatWasNeverStartedClosesToo() {
      Batcher never = Batcher.builder(model.runner).build();
      never.close();
      assertThatIllegalStateException().isThrownBy(never::start);
    }
  }

  @Test
  void warmingUpRunsEachSizeOnEachLane() {
    model.open();
    try (Batcher warm = options().lanes(2).maxBatch(10).build()) {
      assertThat(warm.sizes()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10);
      warm.warmUp(Doubling.x(7, 9));
      assertThat(model.runs()).hasSize(2 * 9 * 2).contains(List.of(7f));
      assertThat(model.runs().getLast()).hasSize(10).containsOnly(7f);
      warm.start();
      assertThatIllegalStateException()
          .isThrownBy(warm::warmUp)
          .withMessageContaining("was already started");
    }
  }

  @Test
  void figuresTellWhatHappened() throws Exception {
    occupyLane();
    CompletableFuture<Outcome> one = submit(1);
    CompletableFuture<Outcome> two = submit(2, 3);
    assertThat(batcher.stats().waitingRows()).isEqualTo(3);
    assertThat(meters.get("platform.ml.batch.waiting").gauge().value()).isEqualTo(3);
    timers.advance(Duration.ofMillis(7));
    model.open();
    computed(one);
    computed(two);
    await().untilAsserted(() -> assertThat(batcher.stats().rows()).isEqualTo(4));
    BatchStats stats = batcher.stats();
    assertThat(stats.batches()).isEqualTo(2);
    assertThat(stats.meanRows()).isEqualTo(2);
    assertThat(stats.waitP50()).isEqualTo(Duration.ofMillis(7));
    assertThat(stats.waitP99()).isEqualTo(Duration.ofMillis(7));
    assertThat(meters.get("platform.ml.batch.rows").summary().totalAmount()).isEqualTo(4);
    assertThat(meters.get("platform.ml.batch.wait").timer().count()).isEqualTo(3);
    assertThat(meters.get("platform.ml.batch.compute").timer().count()).isEqualTo(2);
  }

  @Nested
  class Mistakes {
    @Test
    void inputsAreCheckedBeforeTheyShareARun() {
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> batcher.submit(Tensors.none(), Terms.DEFAULT))
          .withMessageContaining("input 'x' was nothing");
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(
              () -> batcher.submit(Doubling.x(1).and("z", Doubling.x(1).get("x")), Terms.DEFAULT))
          .withMessageContaining("input 'z'");
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> batcher.submit(Doubling.x(), Doubling.y(0), Terms.DEFAULT))
          .withMessageContaining("of 1 to 10000 rows");
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> batcher.submit(Doubling.x(new float[10_001]), Terms.DEFAULT))
          .withMessageContaining("of 1 to 10000 rows");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> batcher.submit(Doubling.x(1), Doubling.y(2), Terms.DEFAULT))
          .withMessageContaining("output 'y' had 2 rows but it must have 1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> batcher.submit(Doubling.x(1), Doubling.x(1), Terms.DEFAULT))
          .withMessageContaining("output 'x' is unknown");
    }

    @Test
    void optionsAreCheckedTogether() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> options().lanes(0).maxBatch(0).maxWait(Duration.ofDays(1)).build())
          .withMessageContaining("maxBatch was '0' but it must be from 1 to")
          .withMessageContaining("lanes was '0' but it must be from 1 to 1024")
          .withMessageContaining("maxWait was 'PT24H' but it must be from PT0S to PT1M");
      assertThatIllegalStateException()
          .isThrownBy(() -> options().maxBatch(2).sizes(1, 2))
          .withMessage("maxBatch was already set");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Terms.within(Duration.ZERO))
          .withMessageContaining("patience was 'PT0S'");
    }

    @Test
    void aBatcherServesBetweenStartAndClose() {
      try (Batcher early = options().build()) {
        assertThatIllegalStateException()
            .isThrownBy(() -> early.submit(Doubling.x(1), Terms.DEFAULT))
            .withMessageContaining("was not started");
      }
      assertThatIllegalStateException().isThrownBy(batcher::start);
    }
  }
}
