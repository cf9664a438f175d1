package io.platformkit.realtime.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends clients away, a few at a time, each with its own delay until it comes back, and waits until
 * they have gone: what they are told would be lost with their event loops.
 */
final class Drain {
  private static final int STEPS = 50;

  private final Node node;
  private final Entrance entrance;
  private final Settings settings;

  Drain(Node node, Entrance entrance, Settings settings) {
    this.node = node;
    this.entrance = entrance;
    this.settings = settings;
  }

  void run() throws InterruptedException {
    entrance.drain();
    List<ClientSession> sessions = new ArrayList<>(node.sessions().all());
    Collections.shuffle(sessions);
    Duration window = settings.drainWindow();
    int steps = window.isZero() ? 1 : Math.min(STEPS, Math.max(1, sessions.size()));
    sendAway(sessions.subList(0, sessions.size() / steps));
    CountDownLatch left = new CountDownLatch(steps - 1);
    for (int step = 1; step < steps; step++) {
      List<ClientSession> some =
          sessions.subList(sessions.size() * step / steps, sessions.size() * (step + 1) / steps);
      settings
          .timers()
          .after(
              "realtime-drain",
              window.multipliedBy(step).dividedBy(steps),
              () -> {
                sendAway(some);
                left.countDown();
              });
    }
    left.await();
    node.sessions().awaitNone(settings.drainTimeout().dividedBy(2));
  }

  private void sendAway(List<ClientSession> some) {
    long window = settings.drainWindow().toMillis();
    some.forEach(one -> one.sendAway(ThreadLocalRandom.current().nextLong(window + 1)));
  }
}
