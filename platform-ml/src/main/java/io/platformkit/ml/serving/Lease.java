package io.platformkit.ml.serving;

import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps a model loaded while somebody uses it. For one thread. */
final class Lease implements AutoCloseable {
  private final LoadedModel model;
  private final AtomicBoolean returned = new AtomicBoolean();

  /** Of a model that was just retained. */
  Lease(LoadedModel model) {
    this.model = model;
  }

  LoadedModel model() {
    return model;
  }

  @Override
  public void close() {
    if (returned.compareAndSet(false, true)) {
      model.release();
    }
  }
}
