package io.platformkit.benchmarks.realtime;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.server.RealtimeServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with our server that publishes large messages, each with the time when it was, and says
 * how much of its heap is in use, and how much waits for clients.
 */
final class StallServer {
  static final String TOPIC = "live";
  static final int LIMIT = 1 << 20;
  static final String HEAP = "heap";
  static final String PENDING = "pending";
  private static final String TEXT = "x".repeat(10_000);

  private StallServer() {}

  /** What is published. */
  private record Timed(long at, String text) {}

  /**
   * Prints its port; then answers each line of its input: {@code heap}, {@code pending}, or a count
   * and a pause.
   */
  public static void main(String[] args) throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (RealtimeServer server =
            RealtimeServer.builder()
                .meterRegistry(meters)
                .maxPendingBytes(LIMIT)
                .connectionsPerAddress(20_000)
                .pingInterval(Duration.ofHours(1))
                .build();
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      server.start();
      System.out.println(server.uri().getPort());
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        System.out.println(
            switch (order) {
              case HEAP -> usedHeap();
              case PENDING -> (long) meters.get("platform.realtime.pending").gauge().value();
              default -> publish(server, order.split(" ", -1));
            });
      }
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** So many, so many milliseconds apart; how many it were. */
  private static long publish(RealtimeServer server, String... order) {
    long count = Long.parseLong(order[0]);
    long pause = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(order[1]));
    long due = System.nanoTime();
    for (long i = 0; i < count; i++) {
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      CompletableFuture<?> unused =
          server.publish(TOPIC, Message.of("n", new Timed(System.nanoTime(), TEXT)));
      due += pause;
    }
    return count;
  }
}
