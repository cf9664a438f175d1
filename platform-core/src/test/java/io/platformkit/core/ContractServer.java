package io.platformkit.core;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;

/**
 * The server that a port's contract is proved on, as its test controls it: a process on 127.0.0.1,
 * a file, or this process' memory. See {@link PortContract}.
 */
public interface ContractServer extends AutoCloseable {
  /**
   * What the test can do to a server. Tests that need more are left out, and the report says so.
   */
  enum Feature {
    /** {@link #pass} moves a clock; time stands still otherwise. */
    CLOCK,
    /** It is asked over TCP, at {@link #port}. */
    NETWORK,
    /** {@link #restart}. */
    RESTART,
    /** {@link #snapshot} and {@link #restore}. */
    SNAPSHOT
  }

  /** Name and version: {@code "Redis 6.2.11"}. */
  String version();

  /** What can be done to it. */
  Set<Feature> features();

  /** The port on 127.0.0.1. */
  default int port() {
    throw missing(Feature.NETWORK);
  }

  /** Ends it without a goodbye, and starts it again with what it had acknowledged. */
  default void restart() {
    throw missing(Feature.RESTART);
  }

  /** Keeps a copy of its data. */
  default void snapshot() {
    throw missing(Feature.SNAPSHOT);
  }

  /** Ends it without a goodbye, and starts it again with the data of the snapshot. */
  default void restore() {
    throw missing(Feature.SNAPSHOT);
  }

  /** Lets time go by: waits, unless the server's clock can be moved. */
  default void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await()
        .atMost(time.plusMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> System.nanoTime() - end >= 0);
  }

  private UnsupportedOperationException missing(Feature feature) {
    return new UnsupportedOperationException("%s has no %s".formatted(version(), feature));
  }

  /** Ends it and removes its data. */
  @Override
  void close();
}
