package io.platformkit.examples.quickstart;

import io.platformkit.core.timeseries.Lttb;
import io.platformkit.core.timeseries.M4;
import io.platformkit.core.timeseries.MinMaxLttb;
import io.platformkit.core.timeseries.Points;
import java.util.Arrays;
import java.util.Random;

/** The same points picked in three ways. */
public final class ChoosingADownsampler {
  private static final int SIZE = 100_000;
  private static final int SPIKE = 61_803;
  private static final int DIP = SPIKE + 7;

  private ChoosingADownsampler() {}

  /** Prints how many points each picks, and whether a spike and the dip after it are among them. */
  public static void main(String[] args) {
    double[] values = noise();
    // @start region="choose"
    Points points = Points.of(values); // x is the index; Points.of(times, values) has its own
    print("Lttb", Lttb.indices(points, 1000));
    print("MinMaxLttb", MinMaxLttb.indices(points, 1000));
    print("M4", M4.indices(points, 1000)); // 250 pixel columns, four points each
    // @end
  }

  private static void print(String name, int[] picked) {
    long kept = Arrays.stream(picked).filter(i -> i == SPIKE || i == DIP).count();
    System.out.printf("%s: %d points, %d of spike and dip%n", name, picked.length, kept);
  }

  private static double[] noise() {
    Random random = new Random(1);
    double[] values = new double[SIZE];
    Arrays.setAll(values, i -> random.nextGaussian());
    values[SPIKE] = 40;
    values[DIP] = -30;
    return values;
  }
}
