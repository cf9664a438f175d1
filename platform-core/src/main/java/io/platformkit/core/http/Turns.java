package io.platformkit.core.http;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * The threads of a server, and the watch over what they wait for.
 *
 * <p>The JDK's server reads and writes its sockets inside {@code synchronized}. Before JDK 24 a
 * virtual thread that blocks there holds its carrier, so that as many slow clients as there are
 * cores would stop every virtual thread of the JVM. There sockets get platform threads, and the
 * endpoint a virtual thread for each request all the same.
 */
final class Turns implements Executor {
  private static final int FIRST_WITHOUT_PINNING = 24;

  private final Map<Thread, Turn> running = new ConcurrentHashMap<>();
  private final Timers timers;
  private final Turn.Limits limits;
  private final ErrorHandler errors;
  private final ExecutorService threads;
  private final ThreadFactory endpointThreads;

  Turns(Timers timers, Turn.Limits limits, ErrorHandler errors, boolean platformThreads) {
    this.timers = timers;
    this.limits = limits;
    this.errors = errors;
    ThreadFactory virtual = named(Thread.ofVirtual(), "platform-http-");
    threads =
        platformThreads
            ? Executors.newCachedThreadPool(
                named(Thread.ofPlatform().daemon(), "platform-http-io-"))
            : Executors.newThreadPerTaskExecutor(virtual);
    endpointThreads = virtual;
  }

  static boolean jdkPins() {
    return Runtime.version().feature() < FIRST_WITHOUT_PINNING;
  }

  private ThreadFactory named(Thread.Builder threads, String prefix) {
    return threads
        .name(prefix, 0)
        .uncaughtExceptionHandler((thread, e) -> errors.handle(thread.getName(), e))
        .factory();
  }

  /** Called by the JDK's dispatcher for each request that begins; never blocks. */
  @Override
  public void execute(Runnable exchange) {
    threads.execute(() -> run(exchange));
  }

  private void run(Runnable exchange) {
    Turn turn = new Turn(timers.nanoTime());
    running.put(Thread.currentThread(), turn);
    try {
      exchange.run();
    } finally {
      running.remove(Thread.currentThread());
      turn.end();
    }
  }

  /** The turn of the calling thread, which is one of ours. */
  Turn current() {
    Turn turn = running.get(Thread.currentThread());
    if (turn == null) {
      throw new IllegalStateException("the calling thread serves no request");
    }
    return turn;
  }

  /** One round of the watch: cuts off who is too slow, and tells in which phase. */
  void sweep(Consumer<Turn.Phase> onCut) {
    long now = timers.nanoTime();
    running.values().forEach(turn -> turn.cutIfLate(now, limits).ifPresent(onCut));
  }

  /** Calls an endpoint that throws nothing, on a virtual thread: this one if it is. */
  Response answer(HttpEndpoint guarded, Request request) throws InterruptedException {
    try {
      if (Thread.currentThread().isVirtual()) {
        Response response = guarded.handle(request);
        Thread.interrupted(); // a flag left behind would cut the answer off
        return response;
      }
      FutureTask<Response> task = new FutureTask<>(() -> guarded.handle(request));
      endpointThreads.newThread(task).start();
      return await(task);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a guarded endpoint throws nothing", e);
    }
  }

  private static Response await(FutureTask<Response> task)
      throws InterruptedException, ExecutionException, CancellationException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      throw e;
    }
  }

  /** Interrupts every request that still runs and takes no new one. */
  void stop() {
    running.values().forEach(Turn::interrupt);
    threads.shutdown();
  }
}
