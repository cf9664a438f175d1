package io.platformkit.ml.registry;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.Tail;
import io.platformkit.core.log.TailListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Follows the history of one model, and brings on what waits for it. */
final class HistoryWatch implements ModelWatch, TailListener {
  private static final Duration SETTLED_AFTER = Duration.ofSeconds(5);

  private final String model;
  private final Consumer<Transition> listener;
  private final ErrorHandler errors;
  private final Tail tail;
  private final Timers.Timer settling;
  private final Runnable onClosed;

  /** The sequence of what was told last. Used by the one thread that delivers. */
  private long told;

  /**
   * What a watch needs.
   *
   * @param settle brings what waits into the history; may throw
   * @param onClosed is told at each close
   */
  HistoryWatch(
      String model,
      Consumer<Transition> listener,
      EventLog log,
      Timers timers,
      ErrorHandler errors,
      Runnable settle,
      Consumer<HistoryWatch> onClosed) {
    this.model = model;
    this.listener = listener;
    this.errors = errors;
    this.onClosed = () -> onClosed.accept(this);
    Position now = log.head(History.stream(model));
    tail = log.tail(this);
    tail.add(History.stream(model), now);
    settling = timers.every("settle-history", SETTLED_AFTER, settle);
  }

  @Override
  public void onEntries(String stream, List<Entry> entries) {
    entries.forEach(this::deliver);
  }

  private void deliver(Entry entry) {
    try {
      Transition next = History.decode(model, entry);
      if (next.sequence() > told) {
        told = next.sequence();
        listener.accept(next);
      }
    } catch (RuntimeException e) {
      errors.handle("watch of model '%s'".formatted(model), e);
    }
  }

  @Override
  public void onGap(String stream, Read.Gap gap) {
    told = 0;
    tail.add(stream, gap.oldest());
  }

  @Override
  public void close() {
    settling.cancel();
    tail.close();
    onClosed.run();
  }
}
