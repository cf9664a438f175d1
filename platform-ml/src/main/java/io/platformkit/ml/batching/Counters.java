package io.platformkit.ml.batching;

import io.platformkit.ml.batching.BatchStats.Shed;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts what happens to requests. Safe for concurrent use. */
final class Counters {
  static final List<String> REASONS =
      List.of(Outcome.Overloaded.FULL, Outcome.Overloaded.DISPLACED, Outcome.Overloaded.CLOSED);

  final LongAdder rows = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  private final Map<Priority, LongAdder> expired = byPriority();
  private final Map<String, Map<Priority, LongAdder>> shed = new HashMap<>();

  Counters() {
    REASONS.forEach(reason -> shed.put(reason, byPriority()));
  }

  private static Map<Priority, LongAdder> byPriority() {
    Map<Priority, LongAdder> adders = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      adders.put(priority, new LongAdder());
    }
    return adders;
  }

  LongAdder expired(Priority priority) {
    return Objects.requireNonNull(expired.get(priority));
  }

  LongAdder shed(String reason, Priority priority) {
    return Objects.requireNonNull(Objects.requireNonNull(shed.get(reason)).get(priority));
  }

  BatchStats snapshot(int waitingRows, Collection<Lane> lanes) {
    long[] waits = lanes.stream().flatMapToLong(lane -> lane.waits().all()).sorted().toArray();
    return new BatchStats(
        rows.sum(),
        batches.sum(),
        waitingRows,
        share(waits, 0.5),
        share(waits, 0.99),
        REASONS.stream().flatMap(this::shedFor).filter(one -> one.requests() > 0).toList(),
        expired.values().stream().mapToLong(LongAdder::sum).sum(),
        failed.sum(),
        cancelled.sum());
  }

  private Stream<Shed> shedFor(String reason) {
    return Stream.of(Priority.values())
        .map(priority -> new Shed(reason, priority, shed(reason, priority).sum()));
  }

  private static Duration share(long[] sorted, double share) {
    int last = (int) Math.ceil(share * sorted.length) - 1;
    return last < 0 ? Duration.ZERO : Duration.ofNanos(sorted[last]);
  }
}
