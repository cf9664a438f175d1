package io.platformkit.examples.opsconsole;

import io.platformkit.core.Timers;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the models that the console brings along, some times a second, as callers would: several at
 * once, and some of them again and again, so that there are batches and cache hits. Its requests
 * are real ones, and counted as such.
 */
final class DemoTraffic implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final int MOST_AT_ONCE = 8;
  private static final int REGULARS = 100;
  private static final double SHARE_OF_REGULARS = 0.4;

  private final ModelServer server;
  private final RandomGenerator random;
  private final List<Caller> callers;
  private final ReentrantLock asking = new ReentrantLock();
  private boolean closed;
  private Timers.@Nullable Timer timer;

  /** With the features of those who come again and again. */
  private record Caller(DemoModel model, List<Map<String, Object>> regulars) {}

  DemoTraffic(ModelServer server, List<DemoModel> models, RandomGenerator random) {
    this.server = server;
    this.random = random;
    callers = models.stream().map(this::caller).toList();
  }

  private Caller caller(DemoModel model) {
    return new Caller(model, Stream.generate(() -> model.example(random)).limit(REGULARS).toList());
  }

  void start(Timers timers) {
    timer = timers.every("demo-traffic", PERIOD, this::ask);
  }

  /** Asks each model a few things in one call; the server counts what comes of them. */
  void ask() {
    asking.lock();
    try {
      if (!closed) {
        callers.forEach(this::ask);
      }
    } finally {
      asking.unlock();
    }
  }

  private void ask(Caller caller) {
    int questions = random.nextInt(1, MOST_AT_ONCE + 1);
    server.predictAll(Stream.generate(() -> request(caller)).limit(questions).toList());
  }

  private PredictionRequest request(Caller caller) {
    Map<String, Object> features =
        random.nextDouble() < SHARE_OF_REGULARS
            ? caller.regulars().get(random.nextInt(REGULARS))
            : caller.model().example(random);
    return PredictionRequest.of(caller.model().name(), features);
  }

  /** Asks no more, once what it asks just now is answered. Any number of calls. */
  @Override
  public void close() {
    if (timer != null) {
      timer.cancel();
    }
    asking.lock();
    try {
      closed = true;
    } finally {
      asking.unlock();
    }
  }
}
