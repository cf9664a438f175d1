package io.platformkit.ml.serving;

import io.platformkit.core.PlatformException;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.ModelWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps to the version of one model that is in production. Safe for concurrent use. */
final class FollowedModel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FollowedModel.class);

  private final String model;
  private final Settings settings;
  private final Consumer<VersionId> loader;
  private final RandomGenerator random = new SplittableRandom();
  private final AtomicBoolean stale = new AtomicBoolean(true);
  private final ReentrantLock lock = new ReentrantLock(); // held while it is brought up to date
  private volatile @Nullable VersionId serving;
  private volatile @Nullable PlatformException trouble;
  private volatile boolean started;
  private volatile boolean closed;
  private @Nullable ModelWatch watch; // guarded by the lock, as is what follows
  private int failures;

  FollowedModel(String model, Settings settings, Consumer<VersionId> loader) {
    this.model = model;
    this.settings = settings;
    this.loader = loader;
  }

  String model() {
    return model;
  }

  /** The version that answers. */
  Optional<VersionId> serving() {
    return Optional.ofNullable(serving);
  }

  /** Why what is in production does not answer, if so. */
  Optional<PlatformException> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Begins to follow, if nobody did; returns when it is known which version answers. */
  void start() {
    if (started) {
      return;
    }
    lock.lock();
    try {
      if (!started) {
        keepUp();
        started = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something was promoted, or retired, perhaps on another node. */
  private void changed() {
    stale.set(true);
    Thread.ofVirtual().name("platform-ml-swap").start(this::swap);
  }

  private void swap() {
    lock.lock();
    try {
      keepUp();
    } finally {
      lock.unlock();
    }
  }

  private void keepUp() {
    while (!closed && stale.getAndSet(false)) {
      try {
        if (watch == null) {
          watch = settings.registry().watch(model, transition -> changed());
        }
        serve(settings.registry().production(model).map(ModelVersion::id));
        trouble = null;
        failures = 0;
      } catch (PlatformException failure) {
        failed(failure);
      } catch (RuntimeException failure) {
        settings.errors().handle("following model '%s'".formatted(model), failure);
        failed(new PlatformException("model '%s' can't be followed".formatted(model), failure));
      }
    }
  }

  private void serve(Optional<VersionId> wanted) {
    if (!wanted.equals(serving())) {
      wanted.ifPresent(loader);
      serving = wanted.orElse(null);
      log.info(
          "Model '{}' is served by {}",
          model,
          wanted.map(id -> "version '" + id.version() + "'").orElse("no version"));
    }
  }

  /** The one before goes on answering, and this one is tried again. */
  private void failed(PlatformException failure) {
    if (closed) {
      return;
    }
    trouble = failure;
    failures++;
    Duration delay = settings.backoff().delay(failures, random).orElse(Duration.ofMinutes(1));
    log.warn("{}; trying again in {}", failure.getMessage(), delay);
    settings.timers().after("ml-swap", delay, this::changed);
  }

  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      if (watch != null) {
        watch.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
