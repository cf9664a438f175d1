package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.PlatformException;
import io.platformkit.core.Proofs;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.redis.Redis;
import io.platformkit.core.redis.RedisServerProcess;
import io.platformkit.realtime.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two nodes on one Redis, a publisher that never stops, and clients that are cut and come back to
 * whichever node: each gets every message once, in order, or is told of a gap where Redis has lost
 * some.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RedisChaosIT {
  private static final String TOPIC = "kept/numbers";

  private final long seed = Long.getLong("platform.seed", System.nanoTime());
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<URI> nodes = new CopyOnWriteArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean(); // for the publisher
  private final AtomicBoolean stop = new AtomicBoolean(); // it has

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <C extends AutoCloseable> C closing(C one) {
    opened.add(one);
    return one;
  }

  private RealtimeServer node(String redis) {
    RealtimeServer server = closing(NodeChild.on(closing(Redis.connect(redis))));
    nodes.add(server.uri());
    return server;
  }

  /** Numbers, one after the other; each is tried until it is taken. */
  private Thread publisher(RealtimeServer server) {
    return start(() -> {
      while (!enough.get()) {
        Message number = Message.of("n", next.get()).key("number-" + next.get());
        try {
          server.publish(TOPIC, number).join();
          next.incrementAndGet();
        } catch (CompletionException again) {
          assertThat(again).hasCauseInstanceOf(PlatformException.class);
        }
      }
    });
  }

  private Thread start(Runnable work) {
    return Thread.ofVirtual()
        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
        .start(work);
  }

  /** When so many numbers were published. */
  private Thread after(int numbers, Runnable trouble) {
    return start(() -> {
      awaitNumbers(numbers);
      trouble.run();
    });
  }

  private void awaitNumbers(int numbers) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> next.get() > numbers);
  }

  private List<Wanderer> wanderers(int count) {
    System.out.printf("%s: seed %d%n", getClass().getSimpleName(), seed);
    List<Wanderer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Wanderer(TOPIC, () -> List.copyOf(nodes), this::last, i % 2 == 0, seed + i));
    }
    return all;
  }

  /** Until each was cut so often, and it is over; and then until each has the last number. */
  private void run(List<Wanderer> wanderers, int cuts, Thread publisher, Thread trouble)
      throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (Wanderer each : wanderers) {
      threads.add(start(() -> wander(each, cuts)));
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> !failures.isEmpty() || (!trouble.isAlive() && haveBeenCut(wanderers, cuts)));
    enough.set(true);
    publisher.join();
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    for (Wanderer each : wanderers) {
      assertThat(each.fault()).as("seed %d", seed).isEmpty();
      assertThat(each.got().getLast()).isEqualTo(next.get() - 1);
    }
  }

  private void wander(Wanderer each, int cuts) {
    while (each.connections() < cuts || !stop.get() || !each.hasAll()) {
      each.visit(50);
    }
  }

  /** None is the last while the publisher works. */
  private int last() {
    return stop.get() ? next.get() - 1 : Integer.MAX_VALUE;
  }

  private static boolean haveBeenCut(List<Wanderer> wanderers, int cuts) {
    return wanderers.stream().allMatch(each -> each.connections() >= cuts);
  }

  private static void assertNoGap(List<Wanderer> wanderers) {
    for (Wanderer each : wanderers) {
      assertThat(each.got()).doesNotContain(Wanderer.GAP);
    }
  }

  @Test
  void whoIsCutAgainAndAgainLosesNothing() throws Exception {
    RedisServerProcess redis = closing(RedisServerProcess.start());
    RealtimeServer one = node(redis.uri());
    node(redis.uri());
    List<Wanderer> wanderers = wanderers(Proofs.times(10, 100));

    run(wanderers, 10, publisher(one), after(1, () -> {}));

    assertNoGap(wanderers);
  }

  @Test
  void aNodeThatIsKilledInMidStreamLosesNothing() throws Exception {
    RedisServerProcess redis = closing(RedisServerProcess.start());
    RealtimeServer one = node(redis.uri());
    Process child = child(redis.uri());
    List<Wanderer> wanderers = wanderers(Proofs.times(10, 50));
    Thread publisher = publisher(one);
    Thread killer =
        after(
            500,
            () -> {
              child.destroyForcibly();
              nodes.removeLast();
            });

    run(wanderers, 10, publisher, killer);

    assertNoGap(wanderers);
  }

  private Process child(String redis) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeChild.class.getName(),
                redis)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    closing(child::destroyForcibly);
    BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8));
    String line = lines.readLine();
    while (!line.startsWith("url ")) {
      line = lines.readLine();
    }
    nodes.add(URI.create(line.substring(4, line.length() - 1)));
    return child;
  }

  @Test
  void whileRedisIsAwayMessagesWaitAndNoneIsLost() throws Exception {
    RedisServerProcess redis = closing(RedisServerProcess.start());
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", redis.port()));
    RealtimeServer one = node("redis://127.0.0.1:" + proxy.port());
    node(redis.uri());
    List<Wanderer> wanderers = wanderers(10);
    Thread publisher = publisher(one);
    Thread cutter =
        after(
            200,
            () -> {
              proxy.refuse();
              proxy.cut();
              redis.pass(Duration.ofSeconds(Proofs.times(2, 10)));
              proxy.restore();
              awaitNumbers(next.get() + 200);
            });

    run(wanderers, 5, publisher, cutter);

    assertNoGap(wanderers);
  }

  @Test
  void whatRedisLosesIsToldAsAGapAndNothingElseIsLost() throws Exception {
    RedisServerProcess redis = closing(RedisServerProcess.startDurable());
    RealtimeServer one = node(redis.uri());
    node(redis.uri());
    List<Wanderer> wanderers = wanderers(10);
    Thread publisher = publisher(one);
    Thread robber =
        after(
            200,
            () -> {
              redis.snapshot();
              awaitNumbers(600);
              redis.restore();
              awaitNumbers(next.get() + 200);
            });

    run(wanderers, 5, publisher, robber);
  }
}
