package io.platformkit.benchmarks.lttb;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Eight vector accumulators of the widest lanes. */
final class VectorSum {
  private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
  private static final int WIDTH = LANES.length();

  private VectorSum() {}

  static double sum(double[] a) {
    DoubleVector s0 = DoubleVector.zero(LANES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    DoubleVector s4 = s0;
    DoubleVector s5 = s0;
    DoubleVector s6 = s0;
    DoubleVector s7 = s0;
    int i = 0;
    for (; i <= a.length - 8 * WIDTH; i += 8 * WIDTH) {
      s0 = s0.add(DoubleVector.fromArray(LANES, a, i));
      s1 = s1.add(DoubleVector.fromArray(LANES, a, i + WIDTH));
      s2 = s2.add(DoubleVector.fromArray(LANES, a, i + 2 * WIDTH));
      s3 = s3.add(DoubleVector.fromArray(LANES, a, i + 3 * WIDTH));
      s4 = s4.add(DoubleVector.fromArray(LANES, a, i + 4 * WIDTH));
      s5 = s5.add(DoubleVector.fromArray(LANES, a, i + 5 * WIDTH));
      s6 = s6.add(DoubleVector.fromArray(LANES, a, i + 6 * WIDTH));
      s7 = s7.add(DoubleVector.fromArray(LANES, a, i + 7 * WIDTH));
    }
    double sum =
        s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7))).reduceLanes(VectorOperators.ADD);
    for (; i < a.length; i++) {
      sum += a[i];
    }
    return sum;
  }
}
