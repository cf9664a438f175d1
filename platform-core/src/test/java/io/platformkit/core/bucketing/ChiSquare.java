package io.platformkit.core.bucketing;

/** How far counts are from what chance gives, in standard deviations. */
final class ChiSquare {
  private ChiSquare() {}

  /** Of counts that should be all the same. */
  static double ofUniform(int[] counts, double expected) {
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return deviation(sum, counts.length - 1);
  }

  /**
   * Of a table of pairs, both of which are uniform, whose parts should not depend on each other.
   */
  static double ofIndependent(int[][] table) {
    int rows = table.length;
    int columns = table[0].length;
    double[] ofRow = new double[rows];
    double[] ofColumn = new double[columns];
    double all = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        ofRow[i] += table[i][j];
        ofColumn[j] += table[i][j];
        all += table[i][j];
      }
    }
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double expected = ofRow[i] * ofColumn[j] / all;
        sum += (table[i][j] - expected) * (table[i][j] - expected) / expected;
      }
    }
    return deviation(sum, (rows - 1) * (columns - 1));
  }

  /** The approximation of Wilson and Hilferty, 1931: the cube root is close to normal. */
  private static double deviation(double chiSquare, int degreesOfFreedom) {
    double variance = 2.0 / (9.0 * degreesOfFreedom);
    return (Math.cbrt(chiSquare / degreesOfFreedom) - (1 - variance)) / Math.sqrt(variance);
  }
}
