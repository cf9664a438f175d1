package io.platformkit.ml.serving;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The models in memory: so many at most, of so many bytes at most. Whichever was used least
 * recently leaves, as soon as nobody uses it any more. While several are loaded at the same time,
 * there may be as many more. Safe for concurrent use; a version is loaded once, whoever asks for it
 * at the same time.
 */
final class LoadedModels {
  /** Where models come from. Called by many threads at once, each for another version. */
  interface Source {
    /** What it will hold in memory, in bytes, as far as that is known before it is loaded. */
    long estimate(VersionId id);

    /** Loads and warms up. */
    LoadedModel load(VersionId id);
  }

  private final Source source;
  private final int maxModels;
  private final long maxBytes;
  private final Map<VersionId, Slot> slots = new ConcurrentHashMap<>();
  private final Set<LoadedModel> open = ConcurrentHashMap.newKeySet(); // also those that leave
  private final ReentrantLock lock =
      new ReentrantLock(); // guards changes of slots, and what follows
  private boolean closed;

  /** A version that is loaded, or being loaded. */
  private static final class Slot {
    private final CompletableFuture<LoadedModel> model = new CompletableFuture<>();
    private long bytes; // guarded by the lock

    Optional<LoadedModel> loaded() {
      return model.isDone() && !model.isCompletedExceptionally()
          ? Optional.of(model.join())
          : Optional.empty();
    }
  }

  LoadedModels(Source source, int maxModels, long maxBytes) {
    this.source = source;
    this.maxModels = maxModels;
    this.maxBytes = maxBytes;
  }

  /**
   * A lease of a version, which is loaded if it is not. Blocks until it is.
   *
   * @throws ModelException if it can't be loaded
   * @throws IllegalStateException if this is closed
   */
  Lease acquire(VersionId id) {
    while (true) {
      LoadedModel model = await(id, loading(id));
      if (model.retain()) {
        return new Lease(model);
      }
    }
  }

  /** Those that are loaded. */
  List<LoadedModel> loaded() {
    return slots.values().stream().flatMap(slot -> slot.loaded().stream()).toList();
  }

  private static LoadedModel await(VersionId id, CompletableFuture<LoadedModel> loading) {
    try {
      return loading.join();
    } catch (CompletionException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      if (cause instanceof IllegalStateException closed) {
        throw new IllegalStateException(closed.getMessage(), closed);
      }
      throw new ModelException(id, "it can't be loaded: " + cause.getMessage(), cause);
    }
  }

  /** The loading of a version, by this thread or by one that came first. */
  private CompletableFuture<LoadedModel> loading(VersionId id) {
    Slot there = slots.get(id);
    if (there != null) {
      return there.model;
    }
    Slot mine = new Slot();
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model server is closed");
      }
      there = slots.putIfAbsent(id, mine);
    } finally {
      lock.unlock();
    }
    if (there != null) {
      return there.model;
    }
    load(id, mine);
    return mine.model;
  }

  private void load(VersionId id, Slot slot) {
    try {
      makeRoom(id, slot, source.estimate(id));
      LoadedModel loaded = source.load(id);
      open.add(loaded);
      CompletableFuture<?> unused = loaded.closed().thenRun(() -> open.remove(loaded));
      admit(id, slot, loaded);
    } catch (RuntimeException | Error failure) {
      slots.remove(id, slot);
      slot.model.completeExceptionally(failure);
    }
  }

  private void admit(VersionId id, Slot slot, LoadedModel loaded) {
    try {
      makeRoom(id, slot, loaded.bytes());
      lock.lock();
      try {
        if (closed) {
          throw new IllegalStateException("the model server is closed");
        }
        slot.model.complete(loaded);
      } finally {
        lock.unlock();
      }
    } catch (RuntimeException refused) {
      loaded.release();
      throw refused;
    }
  }

  /** Takes so many bytes for a slot, and lets others go until they fit. */
  private void makeRoom(VersionId id, Slot slot, long bytes) {
    if (bytes > maxBytes) {
      throw new ModelException(
          id, "it needs %d bytes but models may have %d".formatted(bytes, maxBytes));
    }
    List<LoadedModel> leaving = new ArrayList<>();
    lock.lock();
    try {
      slot.bytes = bytes;
      Optional<LoadedModel> next = leastRecentlyUsed();
      while (next.isPresent() && isTooMuch()) {
        slots.remove(next.get().id());
        leaving.add(next.get());
        next = leastRecentlyUsed();
      }
    } finally {
      lock.unlock();
    }
    leaving.forEach(LoadedModel::release);
  }

  private boolean isTooMuch() {
    long bytes = slots.values().stream().mapToLong(slot -> slot.bytes).sum();
    return slots.size() > maxModels || bytes > maxBytes;
  }

  private Optional<LoadedModel> leastRecentlyUsed() {
    return loaded().stream().min(Comparator.comparingLong(LoadedModel::lastUsed));
  }

  /** Whether a version is in memory. */
  boolean isLoaded(VersionId id) {
    Slot slot = slots.get(id);
    return slot != null && slot.loaded().isPresent();
  }

  /** Lets all go, and waits until nobody uses them. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    List<LoadedModel> all = loaded();
    slots.clear();
    all.forEach(LoadedModel::release);
    open.forEach(model -> model.closed().join());
  }
}
