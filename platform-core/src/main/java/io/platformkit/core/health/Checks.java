package io.platformkit.core.health;

import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.Subscription;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.timeseries.MetricStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/**
 * A check for each port, whatever server is behind it: a small question that only the server can
 * answer. They touch nothing but the name {@value #NAME} in the port's namespace.
 */
public final class Checks {
  /** The key, stream, topic, lease or metric that checks ask for. */
  public static final String NAME = "platform-health";

  private static final int VALIDATION_SECONDS = 30;

  private Checks() {}

  /** Reads a key that is not there. */
  public static HealthCheck keyValues(KeyValueStore store) {
    return () -> {
      store.get(NAME);
      return CheckResult.healthy();
    };
  }

  /** Asks where a stream ends; the stream stays empty. */
  public static HealthCheck eventLog(EventLog log) {
    return () -> {
      log.head(NAME);
      return CheckResult.healthy();
    };
  }

  /** Publishes a message and waits until it comes back. */
  public static HealthCheck messageBus(MessageBus bus) {
    return () -> {
      String topic = NAME + "-" + UUID.randomUUID(); // not to hear other nodes
      CountDownLatch came = new CountDownLatch(1);
      Subscription subscription = bus.subscribe(topic, new Arrival(came));
      try {
        bus.publish(topic, new byte[] {1}).get();
        came.await();
      } finally {
        subscription.close();
      }
      return CheckResult.healthy();
    };
  }

  private record Arrival(CountDownLatch came) implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      came.countDown();
    }

    /** Whoever missed the message waits in vain, and the check's time is over. */
    @Override
    public void onMissed() {}
  }

  /** Takes a lease and lets it go; another node that holds it is as good an answer. */
  public static HealthCheck leases(Leases leases) {
    return () -> {
      Optional<Lease> lease = leases.tryAcquire(NAME, Duration.ofSeconds(5));
      lease.ifPresent(Lease::release);
      return CheckResult.healthy();
    };
  }

  /** Asks for the series of a metric that is not there. */
  public static HealthCheck metricStore(MetricStore store) {
    return () -> {
      store.series(NAME);
      return CheckResult.healthy();
    };
  }

  /** Takes a connection, which the driver must find valid. */
  public static HealthCheck database(DataSource dataSource) {
    return () -> {
      try (Connection connection = dataSource.getConnection()) {
        return connection.isValid(VALIDATION_SECONDS)
            ? CheckResult.healthy()
            : CheckResult.unhealthy("the driver finds its connection not valid");
      }
    };
  }

  /**
   * Looks at the free space of a file system.
   *
   * @param path in it; it must be there
   * @param degradedBelow bytes; with fewer it is degraded
   * @param unhealthyBelow bytes, not more than the other; with fewer it is unhealthy
   */
  public static HealthCheck diskSpace(Path path, long degradedBelow, long unhealthyBelow) {
    if (unhealthyBelow < 0 || unhealthyBelow > degradedBelow) {
      throw new IllegalArgumentException(
          "unhealthyBelow was '%d' but it must be from 0 to degradedBelow, %d"
              .formatted(unhealthyBelow, degradedBelow));
    }
    return () -> {
      long free = Files.getFileStore(path).getUsableSpace();
      String detail = (free >> 20) + " MiB free";
      if (free < unhealthyBelow) {
        return CheckResult.unhealthy(detail);
      }
      return free < degradedBelow ? CheckResult.degraded(detail) : CheckResult.healthy(detail);
    };
  }
}
