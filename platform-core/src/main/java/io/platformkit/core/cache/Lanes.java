package io.platformkit.core.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Does something blocking with many things, a few at a time. */
final class Lanes {
  private static final int MOST = 32;

  private Lanes() {}

  /** Returns when all are done; what one throws comes out when the others have ended. */
  static <T> void forEach(List<T> all, Consumer<T> action) {
    int lanes = Math.min(MOST, all.size());
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int lane = 1; lane < lanes; lane++) {
      int first = lane;
      running.add(
          CompletableFuture.runAsync(
              () -> run(all, first, lanes, action),
              work -> Thread.ofVirtual().name("platform-cache-lane").start(work)));
    }
    if (lanes > 0) {
      run(all, 0, lanes, action);
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
  }

  private static <T> void run(List<T> all, int first, int step, Consumer<T> action) {
    for (int i = first; i < all.size(); i += step) {
      action.accept(all.get(i));
    }
  }
}
