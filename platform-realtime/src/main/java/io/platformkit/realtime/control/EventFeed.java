package io.platformkit.realtime.control;

import io.platformkit.realtime.Message;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.topics.Published;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for whoever watches {@code GET /events}, counted by this node. Safe for concurrent use.
 */
public final class EventFeed {
  private final RealtimeServer server;
  private final InstantSource clock;
  private final AtomicLong count = new AtomicLong();

  /** Of a server with a control plane. */
  public EventFeed(RealtimeServer server, InstantSource clock) {
    this.server = Objects.requireNonNull(server, "server");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Tells {@code {count, timestamp, value}}.
   *
   * @return completes when it is stored
   */
  public CompletableFuture<Published> tell(double value) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("count", count.incrementAndGet());
    event.put("timestamp", clock.instant());
    event.put("value", value);
    return server.publish(ControlPlane.EVENTS, Message.of("event", event));
  }
}
