package io.platformkit.ml.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Ids;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.redis.Redis;
import io.platformkit.core.redis.RedisServerProcess;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.schema.Prediction;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one Redis. */
@Timeout(60)
class NodesIT {
  private final String name = "models-" + Ids.create().next();

  /** What a process of the host would open for itself. */
  private final class Node implements AutoCloseable {
    private final Redis redis = Redis.connect(RedisServerProcess.shared().uri());
    private final ModelRegistry registry =
        ModelRegistry.builder(
                redis.keyValues(KeyValueOptions.of(name).scanned()),
                redis.eventLog(EventLogOptions.of(name)))
            .build();
    private final ModelServer server = ModelServer.builder(registry, new Models()).build();

    double answer() {
      Served<Prediction> served = server.predict(PredictionRequest.of("m", Map.of("x", 7)));
      return served instanceof Served.Done<Prediction> done ? done.value().value() : Double.NaN;
    }

    @Override
    public void close() {
      server.close();
      registry.close();
      redis.close();
    }
  }

  @Test
  void whatIsPromotedAndRolledBackOnOneIsServedByTheOther() {
    try (Node one = new Node();
        Node other = new Node()) {
      Models.promote(one.registry, "m", "1", 1);
      one.server.start();
      other.server.start();
      assertThat(other.answer()).isEqualTo(1007);

      Models.promote(one.registry, "m", "2", 2);
      await().until(() -> other.answer() == 2007);

      other.registry.rollback("m");
      await().until(() -> one.answer() == 1007);
      assertThat(other.server.versions("m")).contains("1");
      assertThat(one.server.isReady("m", Optional.of("1"))).isTrue();
    }
  }
}
