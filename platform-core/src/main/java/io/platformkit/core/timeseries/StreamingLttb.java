package io.platformkit.core.timeseries;

import java.util.Arrays;

/**
 * LTTB of a stream: points are appended for ever, and what was shown once stays as it was, so that
 * a live chart does not flicker. For one thread.
 *
 * <p>Buckets have a fixed number of points, counted from the first one. A bucket's pick is settled
 * as soon as the bucket after it is full: an append changes the last two points shown at most. When
 * the last bucket is followed by one point, what is shown equals {@link Lttb} over all points
 * appended, in the same arithmetic. An append costs the same however long the stream is.
 *
 * <p>A y that is NaN or infinite is a gap: the run before it ends with its last point, the first of
 * neighbouring gaps is shown, and the next point begins a new run, with buckets of its own.
 */
public final class StreamingLttb {
  private final int bucketSize;
  private final int capacity;
  private final Kernel.Triangle triangle = new Kernel.Triangle();

  /** Settled points, the oldest dropped beyond the capacity. */
  private double[] settledX = new double[64];

  private double[] settledY = new double[64];
  private int settled;
  private long dropped;

  private Bucket full;
  private Bucket open;
  private boolean inRun;
  private double lastX = Double.NEGATIVE_INFINITY;

  /** The points of one bucket and their partial sums, as {@link Lttb} adds them. */
  private static final class Bucket {
    private final double[] x;
    private final double[] y;
    private final double[] sumX = new double[8];
    private final double[] sumY = new double[8];
    private int size;

    Bucket(int room) {
      x = new double[room];
      y = new double[room];
    }

    void add(double newX, double newY) {
      x[size] = newX;
      y[size] = newY;
      sumX[size % 8] += newX;
      sumY[size % 8] += newY;
      size++;
    }

    void clear() {
      size = 0;
      Arrays.fill(sumX, 0);
      Arrays.fill(sumY, 0);
    }

    double meanX() {
      return Kernel.total(sumX) / size;
    }

    double meanY() {
      return Kernel.total(sumY) / size;
    }
  }

  /**
   * An empty stream.
   *
   * @param bucketSize points that become one; at least 1
   * @param capacity most settled points that are kept, at least 2; beyond it the oldest eighth of
   *     them is dropped at once
   */
  public StreamingLttb(int bucketSize, int capacity) {
    if (bucketSize < 1) {
      throw new IllegalArgumentException(
          "bucketSize was '" + bucketSize + "' but it must be at least 1");
    }
    if (capacity < 2) {
      throw new IllegalArgumentException(
          "capacity was '" + capacity + "' but it must be at least 2");
    }
    this.bucketSize = bucketSize;
    this.capacity = capacity;
    this.full = new Bucket(bucketSize);
    this.open = new Bucket(bucketSize);
  }

  /**
   * Appends one point.
   *
   * @throws IllegalArgumentException if x is not finite or not larger than the one before
   */
  public void append(double x, double y) {
    if (!(x > lastX) || x == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "x was '%s' but it must be finite and larger than the one before, '%s'"
              .formatted(x, lastX));
    }
    lastX = x;
    if (!Double.isFinite(y)) {
      appendGap(x, y);
    } else if (inRun) {
      appendToBucket(x, y);
    } else {
      inRun = true;
      settle(x, y);
    }
  }

  private void appendToBucket(double x, double y) {
    if (open.size == bucketSize) {
      Bucket cleared = full;
      full = open;
      open = cleared;
      open.clear();
    }
    open.add(x, y);
    if (open.size == bucketSize && full.size > 0) {
      settlePick();
    }
  }

  private void settlePick() {
    int pick = pick();
    settle(full.x[pick], full.y[pick]);
    full.clear();
  }

  private void appendGap(double x, double y) {
    if (inRun) {
      endRun();
      settle(x, y);
    } else if (settled == 0 && dropped == 0) {
      settle(x, y);
    }
  }

  private void endRun() {
    if (full.size > 0) {
      settlePick();
    }
    if (open.size > 0) {
      settle(open.x[open.size - 1], open.y[open.size - 1]);
    }
    open.clear();
    inRun = false;
  }

  /** The full bucket's first point with the largest triangle. */
  private int pick() {
    triangle.between(settledX[settled - 1], settledY[settled - 1], open.meanX(), open.meanY());
    int pick = 0;
    double best = -1;
    for (int i = 0; i < full.size; i++) {
      double area = triangle.area(full.x[i], full.y[i]);
      if (area > best) {
        best = area;
        pick = i;
      }
    }
    return pick;
  }

  private void settle(double x, double y) {
    if (settled == capacity) {
      dropOldest(Math.max(1, capacity / 8));
    } else if (settled == settledX.length) {
      int room = Math.min(capacity, settled * 2);
      settledX = Arrays.copyOf(settledX, room);
      settledY = Arrays.copyOf(settledY, room);
    }
    settledX[settled] = x;
    settledY[settled] = y;
    settled++;
  }

  private void dropOldest(int count) {
    settled -= count;
    dropped += count;
    System.arraycopy(settledX, count, settledX, 0, settled);
    System.arraycopy(settledY, count, settledY, 0, settled);
  }

  /** How many of the points shown will never change; they come first. */
  public int settled() {
    return settled;
  }

  /** How many settled points were dropped: point 0 is number {@code dropped()} of all. */
  public long dropped() {
    return dropped;
  }

  /** A copy of what is shown now: the settled points, the pick to come, and the last point. */
  public Points snapshot() {
    int size = settled + (full.size > 0 ? 1 : 0) + (open.size > 0 ? 1 : 0);
    double[] x = Arrays.copyOf(settledX, size);
    double[] y = Arrays.copyOf(settledY, size);
    int end = settled;
    if (full.size > 0) {
      int pick = pick();
      x[end] = full.x[pick];
      y[end++] = full.y[pick];
    }
    if (open.size > 0) {
      x[end] = open.x[open.size - 1];
      y[end] = open.y[open.size - 1];
    }
    return Points.of(x, y);
  }
}
