package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.PlatformException;
import io.platformkit.core.Proofs;
import io.platformkit.realtime.Message;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two nodes, a publisher that never stops, and clients that are cut and come back to whichever
 * node, half of them by WebSocket and half by server-sent events: each gets every message once, in
 * order.
 *
 * <p>The system property {@code platform.cuts} says how often each client is cut at least, and
 * {@code platform.seed} repeats what they do.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
abstract class ChaosContract extends ServerCase {
  private static final int MOST_BEHIND = 2_000;

  private final long seed = Long.getLong("platform.seed", System.nanoTime());
  private final String topic = "kept/" + seed;
  private final List<URI> nodes = new CopyOnWriteArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean(); // for the publisher
  private final AtomicBoolean stop = new AtomicBoolean(); // it has
  private List<Wanderer> wanderers = List.of();

  /** Opens a node that shares its log and its bus with the others of the test. */
  abstract RealtimeServer newNode() throws Exception;

  @Test
  void whoIsCutAgainAndAgainLosesNothing() throws Exception {
    RealtimeServer one = join(newNode());
    join(newNode());
    send(Proofs.times(10, 100));

    run(one, Integer.getInteger("platform.cuts", Proofs.times(10, 100)), () -> {});

    assertNoGap();
  }

  /** Clients come to it too. */
  final RealtimeServer join(RealtimeServer node) {
    nodes.add(node.uri());
    return node;
  }

  final void join(URI node) {
    nodes.add(node);
  }

  final void leave(URI node) {
    nodes.remove(node);
  }

  /** So many clients are on their way when it runs. */
  final void send(int count) {
    System.out.printf("%s: seed %d%n", getClass().getSimpleName(), seed);
    List<Wanderer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Wanderer(topic, () -> List.copyOf(nodes), this::last, i % 2 == 0, seed + i));
    }
    wanderers = all;
  }

  /**
   * Until each was cut so often, and the trouble is over; and then until each has the last number.
   */
  final void run(RealtimeServer publishing, int cuts, Runnable trouble) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (Wanderer each : wanderers) {
      threads.add(start(() -> wander(each, cuts)));
    }
    Awaitility.await().until(() -> haveBeenCut(1));
    Thread publisher = start(() -> publish(publishing));
    Thread troubles = start(trouble);
    Awaitility.await()
        .atMost(Duration.ofMinutes(39))
        .until(() -> !failures.isEmpty() || (!troubles.isAlive() && haveBeenCut(cuts)));
    enough.set(true);
    publisher.join();
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    for (Wanderer each : wanderers) {
      assertThat(each.fault()).as("seed %d", seed).isEmpty();
      assertThat(each.got().getFirst()).isIn(0, Wanderer.GAP);
      assertThat(each.got().getLast()).isEqualTo(next.get() - 1);
    }
  }

  private Thread start(Runnable work) {
    return Thread.ofVirtual()
        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
        .start(work);
  }

  /**
   * Numbers, one after the other; each is tried until it is taken. It waits for whoever is far
   * behind: the history is long, not endless.
   */
  private void publish(RealtimeServer server) {
    while (!enough.get()) {
      Message number = Message.of("n", next.get()).key("number-" + next.get());
      try {
        server.publish(topic, number).join();
        awaitBehind(next.incrementAndGet() - MOST_BEHIND);
      } catch (CompletionException again) {
        assertThat(again).hasCauseInstanceOf(PlatformException.class);
      }
    }
  }

  private void awaitBehind(int number) {
    if (number > 0 && !haveReached(number)) {
      Awaitility.await().forever().until(() -> enough.get() || haveReached(number));
    }
  }

  private boolean haveReached(int number) {
    return wanderers.stream().allMatch(each -> each.reached() >= number);
  }

  /** It finds out where the topic is before there is anything in it. */
  private void wander(Wanderer each, int cuts) {
    each.visit(1);
    while (each.connections() < cuts || !stop.get() || !each.hasAll()) {
      each.visit(50);
    }
  }

  /** None is the last while the publisher works. */
  private int last() {
    return stop.get() ? next.get() - 1 : Integer.MAX_VALUE;
  }

  private boolean haveBeenCut(int times) {
    return wanderers.stream().allMatch(each -> each.connections() >= times);
  }

  /** Until so many numbers were published. */
  final void awaitNumbers(int numbers) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> next.get() > numbers);
  }

  /** Until so many more were. */
  final void awaitMore(int numbers) {
    awaitNumbers(next.get() + numbers);
  }

  final void assertNoGap() {
    for (Wanderer each : wanderers) {
      assertThat(each.got()).as("seed %d", seed).doesNotContain(Wanderer.GAP);
    }
  }
}
