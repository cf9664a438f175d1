package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.RollUp;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What several writes bring to one series, taken in their order. Not safe for concurrent use.
 *
 * <p>A sample newer than all before adds to the roll-up of its hour. A late one may replace
 * another, so its hour has to be rolled up anew from what is then stored.
 */
final class SeriesBatch {
  /** The newest time of a series without samples. */
  static final long NOTHING = Long.MIN_VALUE;

  private final long id;
  private final long window;
  private final TreeMap<Long, RollUp> additions = new TreeMap<>();
  private final TreeSet<Long> lateHours = new TreeSet<>();
  private long[] times = new long[16];
  private double[] values = new double[16];
  private int size;
  private long newest;
  private long windowEnd;

  /**
   * No samples.
   *
   * @param newest of the series' samples, or {@link #NOTHING}
   * @param windowEnd the newest time when these samples were first to be written, which is another
   *     one if they are written again
   * @param window how far behind the newest a sample may be, in milliseconds
   */
  SeriesBatch(long id, long newest, long windowEnd, long window) {
    this.id = id;
    this.newest = newest;
    this.windowEnd = windowEnd;
    this.window = window;
  }

  /** Takes samples; how many were too old. */
  int add(long[] moreTimes, double[] moreValues) {
    int tooOld = 0;
    for (int i = 0; i < moreTimes.length; i++) {
      if (isTooOld(moreTimes[i])) {
        tooOld++;
      } else {
        add(moreTimes[i], moreValues[i]);
      }
    }
    return tooOld;
  }

  private boolean isTooOld(long time) {
    return windowEnd != NOTHING && windowEnd - time > window;
  }

  private void add(long time, double value) {
    long hour = RollUp.startOf(time);
    windowEnd = Math.max(windowEnd, time);
    if (time > newest) {
      newest = time;
      additions.computeIfAbsent(hour, RollUp::new).add(time, value);
    } else {
      lateHours.add(hour);
    }
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    times[size] = time;
    values[size++] = value;
  }

  /** Puts the samples in order of time, of each time the last one. */
  void settle() {
    if (lateHours.isEmpty()) {
      return;
    }
    TreeMap<Long, Double> last = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      last.put(times[i], values[i]);
    }
    size = 0;
    last.forEach((time, value) -> {
      times[size] = time;
      values[size++] = value;
    });
  }

  long id() {
    return id;
  }

  int size() {
    return size;
  }

  long timeOf(int i) {
    return times[i];
  }

  double valueOf(int i) {
    return values[i];
  }

  /** The newest time, with what was taken; {@link #NOTHING} if there is none. */
  long newest() {
    return newest;
  }

  /** What newer samples add to hours that have no late ones; none of them is empty. */
  Collection<RollUp> additions() {
    return additions.values().stream()
        .filter(hour -> hour.count() > 0 && !lateHours.contains(hour.start()))
        .toList();
  }

  /** First milliseconds of the hours to roll up anew. */
  Set<Long> lateHours() {
    return lateHours;
  }
}
