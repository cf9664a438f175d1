package io.platformkit.benchmarks.lttb;

import java.util.Random;

/** A random walk over unevenly spaced, increasing x: the same numbers in every run. */
final class Walk {
  final double[] x;
  final double[] y;

  Walk(int n) {
    x = new double[n];
    y = new double[n];
    Random random = new Random(n);
    double time = 0;
    double value = 0;
    for (int i = 0; i < n; i++) {
      time += 0.1 + random.nextDouble();
      value += random.nextGaussian();
      x[i] = time;
      y[i] = value;
    }
  }
}
