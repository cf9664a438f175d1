package io.platformkit.core.timeseries;

import java.util.ArrayList;
import java.util.List;

/**
 * Points in order of time, in segments of equal length: what a {@link TimeSeries} and a series of
 * the {@link InMemoryMetricStore} are made of. Not safe for concurrent use.
 */
final class Segments {
  /** How far from 0 a time may be, so that the difference of two never overflows. */
  static final long LARGEST_TIME = 1L << 61;

  private final long window;
  private final int maxPoints;
  private final Listener listener;
  private final List<Segment> segments = new ArrayList<>();

  /** Points of the first segment that are trimmed already. */
  private int trimmed;

  /** The newest time that was trimmed; nothing is written at or before it any more. */
  private long trimmedUpTo = Long.MIN_VALUE;

  private int size;
  private long newest = Long.MIN_VALUE;

  /** Hears what writes change and which points go. */
  interface Listener {
    /** There was no point of that time. */
    default void added(long time, double value) {}

    /** The point of that time has another value; it can be read when the write is done. */
    default void replaced(long time) {}

    /** The oldest points are about to go, which can still be read as all others can. */
    default void trimming(Segments segments, int points) {}
  }

  Segments(long window, int maxPoints, Listener listener) {
    this.window = window;
    this.maxPoints = maxPoints;
    this.listener = listener;
  }

  /** Writes one point; false if it is too old. */
  boolean write(long time, double value) {
    if (time > newest) {
      append(time, value);
      return true;
    }
    if (isTooOld(time)) {
      return false;
    }
    int position = lowerBound(time);
    if (timeOf(position) == time) {
      segmentOf(position).replace(offsetOf(position), value);
      listener.replaced(time);
    } else {
      merge(new long[] {time}, new double[] {value}, 0, 1);
    }
    return true;
  }

  /**
   * Writes points from index {@code from} on, as {@link #write(long, double)} would one by one.
   *
   * @param times increasing
   * @return how many of them were too old: these are the first ones
   */
  int write(long[] times, double[] values, int from) {
    int late = from;
    while (late < times.length && times[late] <= newest) {
      late++;
    }
    int accepted = from;
    while (accepted < late && isTooOld(times[accepted])) {
      accepted++;
    }
    if (accepted < late) {
      merge(times, values, accepted, late);
    }
    for (int i = late; i < times.length; i++) {
      append(times[i], values[i]);
    }
    return accepted - from;
  }

  /** Of a time that is not newer than all others. */
  private boolean isTooOld(long time) {
    return time <= trimmedUpTo || newest - time > window || (size >= maxPoints && time < timeOf(0));
  }

  private void append(long time, double value) {
    push(time, value);
    listener.added(time, value);
    trimToBound();
  }

  private void push(long time, double value) {
    if (segments.isEmpty() || segments.getLast().isFull()) {
      segments.add(new Segment());
    }
    segments.getLast().push(time, value);
    newest = time;
    size++;
  }

  private void trimToBound() {
    if (size > maxPoints) {
      trim(size - maxPoints);
    }
  }

  /**
   * Writes late points {@code [from, to)}. The points after the first of them are few, by the
   * window: they are taken off and put back in between.
   */
  private void merge(long[] times, double[] values, int from, int to) {
    int position = lowerBound(times[from]);
    long[] laterTimes = new long[size - position];
    double[] laterValues = new double[size - position];
    copy(position, laterTimes, laterValues);
    truncate(position);
    int i = from;
    for (int k = 0; k < laterTimes.length; k++) {
      for (; i < to && times[i] < laterTimes[k]; i++) {
        push(times[i], values[i]);
        listener.added(times[i], values[i]);
      }
      if (i < to && times[i] == laterTimes[k]) {
        push(times[i], values[i]);
        listener.replaced(times[i++]);
      } else {
        push(laterTimes[k], laterValues[k]);
      }
    }
    trimToBound();
  }

  private void truncate(int newSize) {
    int end = trimmed + newSize;
    while (!segments.isEmpty() && (segments.size() - 1) * Segment.SIZE >= end) {
      segments.removeLast();
    }
    if (!segments.isEmpty()) {
      segments.getLast().truncate(end - (segments.size() - 1) * Segment.SIZE);
    }
    size = newSize;
  }

  /** Forgets all points before the time. */
  void trimBefore(long time) {
    if (size > 0 && timeOf(0) < time) {
      trim(lowerBound(time));
    }
  }

  private void trim(int points) {
    listener.trimming(this, points);
    trimmedUpTo = timeOf(points - 1);
    trimmed += points;
    size -= points;
    int whole = size == 0 ? segments.size() : trimmed / Segment.SIZE;
    segments.subList(0, whole).clear();
    trimmed = size == 0 ? 0 : trimmed - whole * Segment.SIZE;
  }

  int size() {
    return size;
  }

  /** The first position whose time is not before the given one. */
  int lowerBound(long time) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timeOf(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many points lie in {@code [from, to)}. */
  int count(long from, long to) {
    return Math.max(0, lowerBound(to) - lowerBound(from));
  }

  /** Hands over the points of {@code [from, to)} in order, without a copy. */
  void read(long from, long to, SampleReader reader) {
    int end = lowerBound(to);
    for (int position = lowerBound(from); position < end; ) {
      Segment segment = segmentOf(position);
      int offset = offsetOf(position);
      int length = Math.min(end - position, segment.size() - offset);
      reader.read(segment.times(), segment.values(), offset, offset + length);
      position += length;
    }
  }

  /** The newest value of {@code [from, to)} that is not NaN; NaN if there is none. */
  double lastOf(long from, long to) {
    int first = lowerBound(from);
    for (int position = lowerBound(to) - 1; position >= first; position--) {
      double value = valueOf(position);
      if (!Double.isNaN(value)) {
        return value;
      }
    }
    return Double.NaN;
  }

  private void copy(int position, long[] times, double[] values) {
    for (int done = 0; done < times.length; ) {
      Segment segment = segmentOf(position + done);
      int offset = offsetOf(position + done);
      int length = Math.min(times.length - done, segment.size() - offset);
      System.arraycopy(segment.times(), offset, times, done, length);
      System.arraycopy(segment.values(), offset, values, done, length);
      done += length;
    }
  }

  /** A copy of the points of {@code [from, to)}. */
  TimeSeries.Range range(long from, long to) {
    int first = lowerBound(from);
    TimeSeries.Range range = new TimeSeries.Range(Math.max(0, lowerBound(to) - first));
    copy(first, range.times, range.values);
    return range;
  }

  /** At most {@code nOut} points of {@code [from, to)}, selected by LTTB. */
  TimeSeries.Range downsample(long from, long to, int nOut) {
    int first = lowerBound(from);
    int end = lowerBound(to);
    return end - first <= nOut
        ? range(from, to)
        : at(new SummaryLttb(this, first, end).select(nOut));
  }

  private TimeSeries.Range at(int[] positions) {
    TimeSeries.Range range = new TimeSeries.Range(positions.length);
    for (int i = 0; i < positions.length; i++) {
      range.times[i] = timeOf(positions[i]);
      range.values[i] = valueOf(positions[i]);
    }
    return range;
  }

  /** The segment that holds a position. */
  Segment segmentOf(int position) {
    return segments.get((trimmed + position) / Segment.SIZE);
  }

  /** Where in its segment a position is. */
  int offsetOf(int position) {
    return (trimmed + position) % Segment.SIZE;
  }

  long timeOf(int position) {
    return segmentOf(position).times()[offsetOf(position)];
  }

  double valueOf(int position) {
    return segmentOf(position).values()[offsetOf(position)];
  }
}
