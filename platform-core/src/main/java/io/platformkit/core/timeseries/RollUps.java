package io.platformkit.core.timeseries;

import java.util.ArrayList;
import java.util.List;

/**
 * The hourly roll-ups of one series, kept up to date by its writes. Not safe for concurrent use.
 *
 * <p>An hour of which a sample was replaced is rolled up anew: from the raw samples, and from what
 * was kept of those that are trimmed already.
 */
final class RollUps implements Segments.Listener {
  private static final RollUp NONE = new RollUp(Long.MIN_VALUE);

  /** In order. */
  private final List<RollUp> hours = new ArrayList<>();

  /** Those of which a sample was replaced; the raw samples of each are still there or kept. */
  private final List<RollUp> stale = new ArrayList<>();

  /** The hour that was last added to. */
  private RollUp recent = NONE;

  /** Of the hour in which the newest trimmed sample was: what all its trimmed samples were. */
  private RollUp trimmed = NONE;

  @Override
  public void added(long time, double value) {
    hourOf(time).add(time, value);
  }

  @Override
  public void replaced(long time) {
    RollUp hour = hourOf(time);
    if (!hour.isStale) {
      hour.isStale = true;
      stale.add(hour);
    }
  }

  /** Keeps what the next roll-up of an hour needs of its samples that go. */
  @Override
  public void trimming(Segments raw, int points) {
    long newest = raw.timeOf(points - 1);
    long start = RollUp.startOf(newest);
    if (trimmed.start != start) {
      settle(raw, start);
      trimmed = new RollUp(start);
    }
    raw.read(start, newest + 1, trimmed::add);
  }

  boolean isSettled() {
    return stale.isEmpty();
  }

  /** Rolls up anew the hours of which a sample was replaced. */
  void settle(Segments raw) {
    settle(raw, Long.MAX_VALUE);
  }

  private void settle(Segments raw, long before) {
    stale.removeIf(hour -> hour.start < before && rollUp(hour, raw));
  }

  private boolean rollUp(RollUp hour, Segments raw) {
    hour.clear();
    if (hour.start == trimmed.start) {
      hour.set(trimmed);
    }
    raw.read(hour.start, hour.start + RollUp.HOUR, hour::add);
    hour.isStale = false;
    return true;
  }

  private RollUp hourOf(long time) {
    if (time < recent.start || time >= recent.start + RollUp.HOUR) {
      recent = find(RollUp.startOf(time));
    }
    return recent;
  }

  private RollUp find(long start) {
    int position = lowerBound(start);
    if (position == hours.size() || hours.get(position).start != start) {
      hours.add(position, new RollUp(start));
    }
    return hours.get(position);
  }

  private int lowerBound(long start) {
    int low = 0;
    int high = hours.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hours.get(middle).start < start) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean isEmpty() {
    return hours.isEmpty();
  }

  /** Forgets the hours that end before the time; the raw samples before it are gone already. */
  void trimBefore(long time) {
    if (isEmpty() || hours.getFirst().start >= RollUp.startOf(time)) {
      return;
    }
    hours.subList(0, lowerBound(RollUp.startOf(time))).clear();
    if (recent.start < RollUp.startOf(time)) {
      recent = NONE;
    }
  }

  /** The hours that begin in {@code [from, to)}, in order. */
  List<RollUp> range(long from, long to) {
    int first = lowerBound(from);
    return hours.subList(first, Math.max(first, lowerBound(to)));
  }
}
