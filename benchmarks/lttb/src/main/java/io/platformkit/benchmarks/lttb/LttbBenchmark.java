package io.platformkit.benchmarks.lttb;

import io.platformkit.core.timeseries.Lttb;
import io.platformkit.core.timeseries.M4;
import io.platformkit.core.timeseries.MinMaxLttb;
import io.platformkit.core.timeseries.Points;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Downsampling to 1920 points, by size and by the type of y; x is a {@code long} time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LttbBenchmark {
  private static final int SHOWN = 1920;

  /** How many points there are. */
  @Param({"100000", "1000000", "10000000"})
  public int size;

  /** The storage of y. */
  @Param({"double", "float", "long"})
  public String type = "double";

  private Points points = Points.of(new double[0]);

  /** Makes the points. */
  @Setup
  public void makePoints() {
    Walk walk = new Walk(size);
    long[] x = new long[size];
    float[] floats = new float[size];
    long[] longs = new long[size];
    for (int i = 0; i < size; i++) {
      x[i] = 1000L * i;
      floats[i] = (float) walk.y[i];
      longs[i] = Math.round(1000 * walk.y[i]);
    }
    points =
        switch (type) {
          case "double" -> Points.of(x, walk.y);
          case "float" -> Points.of(x, floats);
          case "long" -> Points.of(x, longs);
          default -> throw new IllegalArgumentException("type was '" + type + "'");
        };
  }

  /** LTTB. */
  @Benchmark
  public int[] lttb() {
    return Lttb.indices(points, SHOWN);
  }

  /** MinMaxLTTB. */
  @Benchmark
  public int[] minMaxLttb() {
    return MinMaxLttb.indices(points, SHOWN);
  }

  /** M4. */
  @Benchmark
  public int[] m4() {
    return M4.indices(points, SHOWN);
  }
}
