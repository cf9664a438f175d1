package io.platformkit.ml.batching;

import io.platformkit.core.Timers;
import io.platformkit.ml.Tensor;
import org.jspecify.annotations.Nullable;

/** Runs each size on each lane, twice: the second time tells how long it takes. */
final class WarmUp {
  private final Sizes sizes;
  private final Timers timers;
  private final Dispatcher dispatcher;

  WarmUp(Sizes sizes, Timers timers, Dispatcher dispatcher) {
    this.sizes = sizes;
    this.timers = timers;
    this.dispatcher = dispatcher;
  }

  void run(@Nullable Tensor[] sample) {
    for (Lane lane : dispatcher.lanes()) {
      lane.buffers().copyIn(0, sample, 0, 1);
      for (int size = 0; size < sizes.count(); size++) {
        run(lane.buffers(), size);
      }
    }
  }

  private void run(Buffers buffers, int size) {
    buffers.repeatRow(0, sizes.get(size));
    buffers.run(size);
    long begun = timers.nanoTime();
    buffers.run(size);
    dispatcher.ran(size, timers.nanoTime() - begun);
  }
}
