package io.platformkit.realtime.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What a server opened because the host gave none; closed last first. For one thread. */
final class Resources implements AutoCloseable {
  private final Deque<Runnable> closing = new ArrayDeque<>();

  <C> C own(C resource, Consumer<C> close) {
    closing.push(() -> close.accept(resource));
    return resource;
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
