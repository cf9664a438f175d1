package io.platformkit.core.timeseries;

import io.platformkit.core.timeseries.Kernel.Bucket;
import io.platformkit.core.timeseries.Kernel.Triangle;
import java.util.Arrays;

/**
 * Finds a bucket's largest triangle by looking at few of its points: a block whose bound is below
 * the best area found cannot hold a better one. The block with the largest bound goes first.
 */
final class BlockSearch {
  /** Buckets up to this length are not worth bounding. */
  static final int SMALL = 4 * Kernel.BLOCK;

  /** The x of equidistant points, counted from where the search looks. */
  private static final double[] RAMP = new double[8 * SMALL];

  static {
    Arrays.setAll(RAMP, i -> i);
  }

  private final Kernel kernel;
  private final Triangle shifted = new Triangle();
  private double[] bounds = new double[0];
  private double best;
  private int bestAt;

  BlockSearch(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The points of a bucket; x is not read where they are equidistant. */
  private boolean equidistant;

  private double[] x = RAMP;
  private int xFrom;
  private double[] y = RAMP;
  private int yFrom;

  /** Sets where the points are. */
  BlockSearch over(double[] x, int xFrom, double[] y, int yFrom) {
    this.equidistant = false;
    this.x = x;
    this.xFrom = xFrom;
    this.y = y;
    this.yFrom = yFrom;
    return this;
  }

  /** As {@link #over}, where x is the index and begins with {@code xFrom}. */
  BlockSearch overEquidistant(int xFrom, double[] y, int yFrom) {
    over(RAMP, xFrom, y, yFrom);
    this.equidistant = true;
    return this;
  }

  /** The offset in the bucket of its first point with the largest area. */
  int search(Bucket bucket, Triangle triangle) {
    best = -1;
    bestAt = 0;
    if (bucket.length > SMALL && kernel.bounds()) {
      searchBlocks(bucket, triangle);
    } else {
      searchAll(bucket, triangle);
    }
    return bestAt;
  }

  private void searchAll(Bucket bucket, Triangle triangle) {
    int most = equidistant ? RAMP.length : bucket.length;
    for (int start = 0; start < bucket.length; start += most) {
      look(start, Math.min(most, bucket.length - start), triangle);
    }
  }

  private void searchBlocks(Bucket bucket, Triangle triangle) {
    int blocks = bucket.blocks();
    int top = bound(bucket, blocks, triangle);
    lookAtBlock(bucket, top, triangle);
    for (int block = 0; block < blocks; block++) {
      if (block != top && !(bounds[block] < best)) {
        lookAtBlock(bucket, block, triangle);
      }
    }
  }

  /** Bounds every block; gives the first with the largest bound. */
  private int bound(Bucket bucket, int blocks, Triangle triangle) {
    if (bounds.length < blocks) {
      bounds = new double[blocks];
    }
    triangle.bounds(bucket, bounds);
    int top = 0;
    for (int b = 1; b < blocks; b++) {
      if (bounds[b] > bounds[top]) {
        top = b;
      }
    }
    return top;
  }

  private void lookAtBlock(Bucket bucket, int block, Triangle triangle) {
    int start = block * Kernel.BLOCK;
    look(start, Math.min(Kernel.BLOCK, bucket.length - start), triangle);
  }

  private void look(int start, int length, Triangle triangle) {
    if (equidistant) {
      shifted.d1 = triangle.d1;
      shifted.d2 = triangle.d2;
      shifted.px = triangle.px - (xFrom + start);
      shifted.py = triangle.py;
      kernel.argMax(RAMP, 0, y, yFrom + start, length, shifted);
    } else {
      kernel.argMax(x, xFrom + start, y, yFrom + start, length, triangle);
    }
    if (kernel.area > best || (kernel.area == best && best >= 0 && start < bestAt)) {
      best = kernel.area;
      bestAt = start + kernel.offset;
    }
  }
}
