package io.platformkit.realtime.server;

import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.log.InMemoryEventLog;

class MemoryChaosIT extends ChaosContract {
  private final InMemoryEventLog log = closing(InMemoryEventLog.create());
  private final InMemoryMessageBus bus = closing(InMemoryMessageBus.create());

  @Override
  RealtimeServer newNode() {
    return closing(NodeChild.on(log, bus));
  }
}
