package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the contracts of all ports share: the server, ways to it, and threads that race. A contract
 * of one port adds the method that opens it. One object runs all tests of a class; each test has a
 * namespace of its own.
 *
 * <p>{@code -Dplatform.seed=…} makes a contract's random operations those of that seed alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(ContractReport.class)
@Timeout(60)
public abstract class PortContract {
  /** How long an answer may take before a test gives up. */
  protected static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String RUN = Long.toString(System.nanoTime(), Character.MAX_RADIX);

  private final AtomicInteger opened = new AtomicInteger();
  private final Deque<AutoCloseable> toClose = new ConcurrentLinkedDeque<>();
  private String namespace = "";

  /** For subclasses. */
  protected PortContract() {}

  /**
   * A way to a server.
   *
   * @param server what is asked in the end
   * @param port on 127.0.0.1 where to ask: the server's own or that of a {@link TcpProxy} before
   *     it; 0 without {@link ContractServer.Feature#NETWORK}
   * @param timeout how long a call may take in all
   */
  public record Way(ContractServer server, int port, Duration timeout) {
    /** The same with another timeout. */
    public Way timeout(Duration other) {
      return new Way(server, port, other);
    }
  }

  /** The port's name, for the report. */
  protected abstract String port();

  /**
   * The server of all tests but those that end it. Always the same; the contract doesn't close it.
   */
  protected abstract ContractServer server();

  /**
   * A server of one test's own, which keeps through a restart whatever it acknowledged; the test
   * closes it. Needed with {@link ContractServer.Feature#RESTART} or {@code SNAPSHOT} alone.
   */
  protected ContractServer newServer() {
    throw new UnsupportedOperationException("newServer() is needed for %s".formatted(server()));
  }

  @BeforeEach
  final void newNamespace() {
    namespace = "t%d-%s".formatted(opened.incrementAndGet(), RUN);
  }

  @AfterEach
  final void closeAll() throws Exception {
    for (AutoCloseable next = toClose.poll(); next != null; next = toClose.poll()) {
      next.close();
    }
  }

  /** The namespace of this test. */
  protected final String namespace() {
    return namespace;
  }

  /** Closes something at the end of the test, the last one first. */
  protected final <C extends AutoCloseable> C closing(C something) {
    toClose.push(something);
    return something;
  }

  /** Straight to the server of all tests. */
  protected final Way way() {
    return wayTo(server());
  }

  /** Straight to a server. */
  protected final Way wayTo(ContractServer server) {
    int port = server.features().contains(ContractServer.Feature.NETWORK) ? server.port() : 0;
    return new Way(server, port, Duration.ofSeconds(10));
  }

  /** To the server of all tests, through a bad network. */
  protected final Way wayThrough(TcpProxy proxy) {
    return new Way(server(), proxy.port(), Duration.ofSeconds(10));
  }

  /** A bad network before the server of all tests. */
  protected final TcpProxy newProxy() {
    return closing(TcpProxy.to("127.0.0.1", server().port()));
  }

  /** A server of this test's own. */
  protected final ContractServer ownServer() {
    return closing(newServer());
  }

  /** Does it on a virtual thread. */
  protected static <T> CompletableFuture<T> async(Callable<T> action) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("contract")
        .start(() -> {
          try {
            outcome.complete(action.call());
          } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
          }
        });
    return outcome;
  }

  /** What came out, thrown as it was. */
  protected static <T> T get(CompletableFuture<T> outcome) {
    try {
      return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("there was no outcome within " + PATIENCE, e);
    }
  }

  /** Does it on so many threads at the same moment; what came out, in the order of the threads. */
  protected static <T> List<T> race(int threads, IntFunction<T> action) {
    CountDownLatch ready = new CountDownLatch(threads);
    List<CompletableFuture<T>> outcomes =
        IntStream.range(0, threads)
            .mapToObj(i ->
                async(() -> {
                  ready.countDown();
                  ready.await();
                  return action.apply(i);
                }))
            .toList();
    List<T> all = new ArrayList<>();
    outcomes.forEach(outcome -> all.add(get(outcome)));
    return Collections.unmodifiableList(all);
  }

  /** The seeds of random operations: as many as asked for, or the one that is given. */
  protected static LongStream seeds(int count) {
    Long given = Long.getLong("platform.seed");
    return given == null ? LongStream.rangeClosed(1, count) : LongStream.of(given);
  }

  /** Checks that a call throws this, with a message that has these words. */
  protected static void assertRefused(
      Class<? extends Throwable> type, ThrowingCallable call, String... words) {
    assertThatExceptionOfType(type)
        .isThrownBy(call)
        .satisfies(refusal -> assertThat(String.valueOf(refusal.getMessage())).contains(words));
  }
}
