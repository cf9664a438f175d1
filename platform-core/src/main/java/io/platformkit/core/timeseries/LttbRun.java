package io.platformkit.core.timeseries;

import io.platformkit.core.timeseries.Downsampler.Source;
import io.platformkit.core.timeseries.Kernel.Bucket;
import io.platformkit.core.timeseries.Kernel.Triangle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One run of LTTB over {@code [from, to)}. */
final class LttbRun {
  /** Points to read before picking: what the caches hold. */
  private static final int READ_AHEAD = 1 << 18;

  /** As {@link #READ_AHEAD} where picking reads all of them again: what the nearer caches hold. */
  private static final int REREAD_AHEAD = 1 << 15;

  private static final int MOST_AHEAD = 16;

  private final Source source;
  private final int from;
  private final int to;
  private final int nOut;
  private final double every;
  private final Kernel kernel;
  private final BlockSearch search;
  private final Triangle triangle = new Triangle();

  LttbRun(Source source, int from, int to, int nOut, Kernel kernel) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.nOut = nOut;
    this.every = (double) (to - from - 2) / (nOut - 2);
    this.kernel = kernel;
    this.search = new BlockSearch(kernel);
  }

  /** Null if a y is not finite. */
  int @Nullable [] select() {
    if (nOut == 2) {
      source.requireX(from, to);
      return new int[] {from, to - 1};
    }
    source.requireX(from, from + 1);
    if (!Double.isFinite(source.y().get(from))) {
      return null;
    }
    int[] selected = new int[nOut];
    selected[0] = from;
    selected[nOut - 1] = to - 1;
    return pickAll(selected) ? selected : null;
  }

  /**
   * Reads some buckets ahead, then picks in them: a pick in between would break the stream of reads
   * from memory, which is what a long series waits for.
   */
  private boolean pickAll(int[] selected) {
    int buckets = nOut - 2;
    int ahead = ahead();
    Window[] windows = new Window[ahead + 1];
    Arrays.setAll(windows, i -> new Window());
    boolean finite = windows[0].read(edge(0), edge(1));
    for (int first = 0; finite && first < buckets; first += ahead) {
      int count = Math.min(ahead, buckets - first);
      for (int i = 1; finite && i <= count; i++) {
        finite = windows[i].read(windows[i - 1].end(), edge(first + i + 1));
      }
      for (int i = 0; finite && i < count; i++) {
        selected[first + i + 1] = pick(selected[first + i], windows[i], windows[i + 1]);
      }
      Window last = windows[count];
      windows[count] = windows[0];
      windows[0] = last;
    }
    return finite;
  }

  /** Buckets to read before picking; small ones are in the cache anyway. */
  private int ahead() {
    int points = kernel.bounds() ? READ_AHEAD : REREAD_AHEAD;
    return every <= BlockSearch.SMALL ? 1 : Math.clamp((long) (points / every), 1, MOST_AHEAD);
  }

  private int pick(int before, Window bucket, Window next) {
    triangle.between(source.x().get(before), source.y().get(before), next.meanX(), next.meanY());
    return bucket.pick();
  }

  /** Where a bucket begins; the one after the last bucket is the last point. */
  private int edge(int bucket) {
    return from + Math.min((int) Math.floor(every * bucket) + 1, to - from);
  }

  /** One bucket, its points in plain arrays: the source's own where they are. */
  private final class Window {
    private final Bucket bucket = new Bucket();
    private final Stage x = new Stage(source.x());
    private final Stage y = new Stage(source.y());
    private int start;

    boolean read(int start, int end) {
      this.start = start;
      bucket.length(end - start);
      y.load(start, bucket.length);
      if (source.equidistant()) {
        readEquidistant();
      } else {
        readX();
      }
      return Double.isFinite(bucket.sumY) || source.isFinite(start, end);
    }

    private void readEquidistant() {
      kernel.read(y.array, y.at, bucket);
      for (int block = 0; block < bucket.blocks(); block++) {
        int first = start + block * Kernel.BLOCK;
        bucket.xFirst[block] = first;
        bucket.xLast[block] = Math.min(first + Kernel.BLOCK, end()) - 1;
      }
    }

    private void readX() {
      x.load(start, bucket.length);
      kernel.read(x.array, x.at, y.array, y.at, bucket);
      if (!bucket.increasing || !Double.isFinite(bucket.sumX)) {
        source.requireX(start, end());
      }
    }

    int end() {
      return start + bucket.length;
    }

    double meanX() {
      return source.equidistant() ? start + (bucket.length - 1) / 2.0 : bucket.sumX / bucket.length;
    }

    double meanY() {
      return bucket.sumY / bucket.length;
    }

    int pick() {
      BlockSearch points =
          source.equidistant()
              ? search.overEquidistant(start, y.array, y.at)
              : search.over(x.array, x.at, y.array, y.at);
      return start + points.search(bucket, triangle);
    }
  }

  /** A column's values as an array: its own, or a copy of the part in use and the value before. */
  private static final class Stage {
    private final Column column;
    double[] array;
    int at;

    Stage(Column column) {
      this.column = column;
      this.array = column instanceof Column.Doubles doubles ? doubles.values : new double[0];
    }

    void load(int start, int length) {
      if (column instanceof Column.Doubles) {
        at = start;
        return;
      }
      if (array.length <= length) {
        array = new double[length + 2];
      }
      column.copy(start - 1, length + 1, array);
      at = 1;
    }
  }
}
