package io.platformkit.ml.serving;

import io.platformkit.core.ErrorHandler;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.schema.OutputReader;
import io.platformkit.ml.schema.RowEncoder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One version, ready to answer. It counts who uses it, and closes when it was let go and nobody
 * does any more. Safe for concurrent use.
 */
final class LoadedModel {
  private final ModelRunner runner;
  private final Lanes lanes;
  private final long bytes;
  private final Optional<FeatureForm> form;
  private final VersionStats stats;
  private final ErrorHandler errors;
  private final AtomicInteger users = new AtomicInteger(1); // one for whoever keeps it loaded
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private volatile long lastUsed = System.nanoTime();

  /** How it is asked by names. */
  record FeatureForm(RowEncoder encoder, OutputReader reader) {}

  LoadedModel(
      ModelRunner runner,
      Lanes lanes,
      long bytes,
      Optional<FeatureForm> form,
      VersionStats stats,
      ErrorHandler errors) {
    this.runner = runner;
    this.lanes = lanes;
    this.bytes = bytes;
    this.form = form;
    this.stats = stats;
    this.errors = errors;
  }

  VersionId id() {
    return runner.id();
  }

  ModelSignature signature() {
    return runner.signature();
  }

  Optional<String> degradation() {
    return runner.degradation();
  }

  long bytes() {
    return bytes;
  }

  /**
   * How it is asked by names.
   *
   * @throws IllegalArgumentException if it takes tensors alone
   */
  FeatureForm requireForm() {
    return form.orElseThrow(() ->
        new IllegalArgumentException(
            "%s has no schema, so it takes tensors and no features".formatted(id())));
  }

  <T> Served<T> counted(Served<T> served) {
    stats.count(served);
    return served;
  }

  VersionStatistics statistics() {
    return stats.snapshot(bytes, lanes.stats());
  }

  ModelDescription description() {
    List<String> features = form.map(named -> named.encoder().features()).orElse(List.of());
    return new ModelDescription(id(), runner.platform(), signature(), features);
  }

  /** When it was asked for last, on the scale of {@link System#nanoTime}. */
  long lastUsed() {
    return lastUsed;
  }

  Outcome compute(Tensors inputs, Terms terms) {
    return lanes.run(inputs, terms);
  }

  /** Begins a use; false if it is closing. */
  boolean retain() {
    int now = users.get();
    while (now > 0 && !users.compareAndSet(now, now + 1)) {
      now = users.get();
    }
    lastUsed = System.nanoTime();
    return now > 0;
  }

  /** Ends a use. */
  void release() {
    if (users.decrementAndGet() == 0) {
      Thread.ofVirtual().name("platform-ml-close").start(this::close);
    }
  }

  /** Done when everything was given back. */
  CompletableFuture<@Nullable Void> closed() {
    return closed;
  }

  private void close() {
    try {
      lanes.close();
      runner.close();
      stats.close();
    } catch (RuntimeException failure) {
      errors.handle("closing " + id(), failure);
    } finally {
      closed.complete(null);
    }
  }
}
