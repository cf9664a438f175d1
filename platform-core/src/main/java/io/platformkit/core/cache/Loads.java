package io.platformkit.core.cache;

import io.platformkit.core.Bounds;
import io.platformkit.core.Timers;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the loads of one cache share: the loader and its bounds, threads and their limit. */
final class Loads<K, V> {
  final CacheSettings settings;
  final Tiers<V> tiers;
  final Timers timers;
  private final KeyCodec<K> keys;
  private final Loader<K, V> loader;
  private final @Nullable BulkLoader<K, V> bulkLoader;
  private final @Nullable LoadLeases leases;
  private final Semaphore permits;
  private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

  Loads(TieredCacheBuilder<K, V> options, Tiers<V> tiers, Timers timers, CacheSettings settings) {
    this.settings = settings;
    this.tiers = tiers;
    this.timers = timers;
    this.keys = options.keys;
    this.loader = options.requiredLoader();
    this.bulkLoader = options.bulkLoader;
    this.leases = options.leases == null ? null : new LoadLeases(options.leases, timers, settings);
    this.permits = new Semaphore(options.maxLoads);
  }

  /** The name of a key in tiers. */
  String name(K key) {
    String name = settings.name() + ':' + keys.name(key);
    Bounds.requireName("key", name);
    return name;
  }

  Pass<V> pass(String name, boolean refreshing) {
    Predicate<Stored<V>> wanted =
        refreshing ? tiers.lifetimes()::isYoung : tiers.lifetimes()::isFresh;
    return new Pass<>(tiers, name, wanted);
  }

  boolean loadsInBulk() {
    return bulkLoader != null;
  }

  Optional<V> load(K key) throws Exception {
    return counted(() -> Objects.requireNonNull(loader.load(key), "the loader's answer"));
  }

  Map<K, V> loadAll(Set<K> missing) throws Exception {
    BulkLoader<K, V> bulk = Objects.requireNonNull(bulkLoader, "bulkLoader");
    return counted(() -> Objects.requireNonNull(bulk.loadAll(missing), "the loader's answer"));
  }

  /** Work that may throw what it likes. */
  interface Work<T> {
    T run() throws Exception;
  }

  private <T> T counted(Work<T> work) throws Exception {
    permits.acquire();
    long start = timers.nanoTime();
    boolean done = false;
    try {
      T answer = work.run();
      done = true;
      return answer;
    } finally {
      permits.release();
      Counters counters = tiers.counters();
      counters.loads.increment();
      counters.loadNanos.add(timers.nanoTime() - start);
      if (!done) {
        counters.loadFailures.increment();
      }
    }
  }

  /** Loads as the one that may, of all nodes if there are leases. */
  void inTurn(OneLoad<K, V> load) throws Exception {
    if (leases == null) {
      load.loadAndStore();
    } else {
      leases.inTurn(load);
    }
  }

  /**
   * Runs the work on a thread of its own, within the limit of a load. Whatever it throws, and that
   * it took too long, is told once.
   */
  void start(String what, Action work, ErrorListener onFailure) {
    Worker worker = new Worker(onFailure);
    worker.begin(
        Thread.ofVirtual()
            .name("platform-cache-%s-%s".formatted(settings.name(), what))
            .unstarted(() -> worker.run(work)));
  }

  /** What a thread does. */
  interface Action {
    void run() throws Exception;
  }

  /** Is told why a load failed. */
  interface ErrorListener {
    void failed(Throwable failure);
  }

  /** Fails the loads that are under way. */
  void close() {
    workers.forEach(worker -> worker.stop(new CacheSettings.Closed()));
  }

  private final class Worker {
    private final ErrorListener onFailure;
    private volatile @Nullable Thread thread;
    private Timers.@Nullable Timer limit;

    Worker(ErrorListener onFailure) {
      this.onFailure = onFailure;
    }

    void begin(Thread unstarted) {
      thread = unstarted;
      workers.add(this);
      try {
        limit =
            timers.after(
                "cache-load-limit",
                settings.loadTimeout(),
                () -> stop(new CacheSettings.Overdue()));
        unstarted.start();
      } catch (RuntimeException closed) {
        workers.remove(this);
        onFailure.failed(closed);
      }
    }

    void run(Action work) {
      try {
        work.run();
      } catch (Throwable failure) {
        onFailure.failed(failure);
        if (failure instanceof Error error) {
          throw error;
        }
      } finally {
        workers.remove(this);
        if (limit != null) {
          limit.cancel();
        }
      }
    }

    void stop(RuntimeException why) {
      Thread running = thread;
      onFailure.failed(why);
      if (running != null) {
        running.interrupt();
      }
    }
  }
}
