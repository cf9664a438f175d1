package io.platformkit.core.cache;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the values of a test come from. It can be held after it has read, and made to fail. */
final class Source {
  final Map<String, String> values = new ConcurrentHashMap<>();
  final List<Set<String>> asked = new CopyOnWriteArrayList<>();
  volatile @Nullable RuntimeException failure;
  private volatile @Nullable Hold hold;

  /** A load that has read and waits. */
  static final class Hold {
    private final CountDownLatch read = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    void awaitRead() throws InterruptedException {
      read.await();
    }

    void awaitInterrupted() throws InterruptedException {
      interrupted.await();
    }

    void goOn() {
      goOn.countDown();
    }
  }

  /** Holds the next load only. */
  Hold hold() {
    Hold held = new Hold();
    hold = held;
    return held;
  }

  Optional<String> load(String key) throws InterruptedException {
    return Optional.ofNullable(loadAll(Set.of(key)).get(key));
  }

  Map<String, String> loadAll(Set<String> keys) throws InterruptedException {
    asked.add(Set.copyOf(keys));
    Map<String, String> found =
        keys.stream().filter(values::containsKey).collect(Collectors.toMap(k -> k, values::get));
    waitIfHeld();
    RuntimeException failing = failure;
    if (failing != null) {
      throw failing;
    }
    return found;
  }

  private void waitIfHeld() throws InterruptedException {
    Hold held = hold;
    hold = null;
    if (held != null) {
      held.read.countDown();
      try {
        held.goOn.await();
      } catch (InterruptedException e) {
        held.interrupted.countDown();
        throw e;
      }
    }
  }

  int loads() {
    return asked.size();
  }
}
