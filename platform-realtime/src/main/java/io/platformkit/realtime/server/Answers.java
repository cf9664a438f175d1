package io.platformkit.realtime.server;

import io.platformkit.core.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The answers that somebody waits for. Safe for concurrent use. */
final class Answers<T> {
  private final Timers timers;
  private final AtomicLong last = new AtomicLong();
  private final Map<String, CompletableFuture<T>> awaited = new ConcurrentHashMap<>(1);

  Answers(Timers timers) {
    this.timers = timers;
  }

  /**
   * A request.
   *
   * @param id what its answer bears
   */
  record Awaited<T>(String id, CompletableFuture<T> answer) {}

  Awaited<T> await(Duration timeout) {
    String id = "s" + last.incrementAndGet();
    CompletableFuture<T> answer = new CompletableFuture<>();
    awaited.put(id, answer);
    Timers.Timer timer =
        timers.after(
            "realtime-request",
            timeout,
            () ->
                answer.completeExceptionally(
                    new TimeoutException("no answer to '%s' within %s".formatted(id, timeout))));
    var unused =
        answer.whenComplete((payload, failure) -> {
          timer.cancel();
          awaited.remove(id);
        });
    return new Awaited<>(id, answer);
  }

  /** An answer came; one that nobody waits for is late. */
  void complete(String id, T payload) {
    CompletableFuture<T> answer = awaited.get(id);
    if (answer != null) {
      answer.complete(payload);
    }
  }

  /** None will come. */
  void fail(IOException why) {
    awaited.values().forEach(answer -> answer.completeExceptionally(why));
  }
}
