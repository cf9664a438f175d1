package io.platformkit.core.timeseries;

import java.util.random.RandomGenerator;

/** Kinds of data that have broken downsamplers before. */
enum Shape {
  WALK,
  NOISE,
  CONSTANT,
  RAMP,
  SPIKES,
  TIED_INTEGERS,
  SAWTOOTH,
  DENORMAL,
  HUGE,
  OVERFLOWING;

  double[] y(int n, RandomGenerator random) {
    double[] y = new double[n];
    double walk = 0;
    for (int i = 0; i < n; i++) {
      walk += random.nextGaussian();
      y[i] =
          switch (this) {
            case WALK -> walk;
            case NOISE -> random.nextDouble() - 0.5;
            case CONSTANT -> 42.1;
            case RAMP -> 0.1 * i;
            case SPIKES -> random.nextInt(50) == 0 ? 1000 * random.nextGaussian() : 0.1;
            case TIED_INTEGERS -> random.nextInt(3);
            case SAWTOOTH -> i % 7;
            case DENORMAL -> random.nextInt(100) * Double.MIN_VALUE;
            case HUGE -> random.nextGaussian() * 1e150;
            case OVERFLOWING -> (random.nextDouble() - 0.5) * Double.MAX_VALUE;
          };
    }
    return y;
  }

  /** Strictly increasing, far from zero, unevenly spaced. */
  static double[] increasing(int n, RandomGenerator random) {
    double[] x = new double[n];
    double at = 1.7e12;
    for (int i = 0; i < n; i++) {
      at += 1 + random.nextInt(1000);
      x[i] = at;
    }
    return x;
  }

  /** Never decreasing, many neighbours alike. */
  static double[] repeating(int n, RandomGenerator random) {
    double[] x = new double[n];
    double at = -50;
    for (int i = 0; i < n; i++) {
      at += random.nextInt(4) == 0 ? random.nextDouble() : 0;
      x[i] = at;
    }
    return x;
  }
}
