package io.platformkit.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.protocol.CommandType;
import io.platformkit.core.UnavailableException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private final Call call =
      new Call(Call.Kind.READ, "get of key", "k", CommandType.GET, Engine.args());
  private final Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
  private final Outcome<Object> outcome =
      Outcome.of(call, () -> String.valueOf(call.await()), handedOver::add);

  private void runWhatWasHandedOver() {
    while (!handedOver.isEmpty()) {
      handedOver.remove().run();
    }
  }

  @Test
  void itCompletesOnTheExecutorIfNobodyWaits() throws Exception {
    call.complete("answer");

    assertThat(outcome).isNotDone();
    runWhatWasHandedOver();
    assertThat(outcome.get()).isEqualTo("answer");
  }

  @Test
  void whatHangsOnItRunsOnTheExecutor() {
    CompletableFuture<Thread> ran = outcome.thenApply(answer -> Thread.currentThread());
    Thread client = Thread.ofPlatform().start(() -> call.complete("answer"));
    await().until(() -> !client.isAlive());

    assertThat(ran).isNotDone();
    runWhatWasHandedOver();
    assertThat(ran).isCompletedWithValue(Thread.currentThread());
  }

  @Test
  void whoComesLaterThanTheAnswerReadsItWithoutTheExecutor() {
    call.complete("answer");

    assertThat(outcome.join()).isEqualTo("answer");
    runWhatWasHandedOver();
    assertThat(outcome.join()).isEqualTo("answer");
  }

  @Test
  void aTimeoutEndsTheWaitingAlone() {
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> outcome.get(1, TimeUnit.MILLISECONDS));

    call.complete("answer");
    runWhatWasHandedOver();
    assertThat(outcome).isCompletedWithValue("answer");
  }

  @Test
  void whatTheReaderThrowsIsTheOutcome() {
    call.completeExceptionally(new UnavailableException("the server is away"));

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(outcome::get)
        .havingCause()
        .isInstanceOf(UnavailableException.class)
        .withMessage("the server is away");
  }

  @Nested
  class WhileAThreadWaits {
    private Thread waiter = Thread.currentThread();

    private FutureTask<Object> waiting(Callable<Object> how) {
      FutureTask<Object> result = new FutureTask<>(how);
      waiter = Thread.ofPlatform().daemon().start(result);
      await().until(() -> LockSupport.getBlocker(waiter) != null);
      return result;
    }

    @Test
    void theThreadCompletesItItself() throws Exception {
      FutureTask<Object> result = waiting(outcome::get);
      call.complete("answer");

      assertThat(result.get()).isEqualTo("answer");
      assertThat(handedOver).isEmpty();
      assertThat(outcome).isDone();
    }

    @Test
    void aSecondThreadWaitsAsWell() throws Exception {
      FutureTask<Object> first = waiting(outcome::join);
      FutureTask<Object> second = waiting(() -> outcome.get(1, TimeUnit.MINUTES));
      call.complete("answer");
      runWhatWasHandedOver();

      assertThat(first.get()).isEqualTo("answer");
      assertThat(second.get()).isEqualTo("answer");
    }

    /** On the executor, or on the thread that waits: as with all futures of the JDK. */
    @Test
    void whatCameToHangOnItDoesNotRunOnTheClientsThread() throws Exception {
      FutureTask<Object> result = waiting(outcome::get);
      CompletableFuture<Thread> ran = outcome.thenApply(answer -> Thread.currentThread());
      Thread client = Thread.ofPlatform().start(() -> call.complete("answer"));
      await().until(() -> !client.isAlive());
      runWhatWasHandedOver();

      assertThat(result.get()).isEqualTo("answer");
      assertThat(ran.get()).isIn(Thread.currentThread(), waiter);
    }

    @Test
    void anInterruptionEndsTheWaitingAlone() {
      FutureTask<Object> result = waiting(outcome::get);
      waiter.interrupt();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(result::get)
          .withCauseInstanceOf(InterruptedException.class);

      call.complete("answer");
      runWhatWasHandedOver();
      assertThat(outcome).isCompletedWithValue("answer");
    }

    @Test
    void aCancellationWakesIt() {
      FutureTask<Object> result = waiting(outcome::get);
      outcome.cancel(false);

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(result::get)
          .withCauseInstanceOf(CancellationException.class);
    }
  }
}
