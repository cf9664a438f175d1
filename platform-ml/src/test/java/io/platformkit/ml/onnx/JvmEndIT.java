package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmEndIT {
  private static final int EXITS = "full".equals(System.getProperty("platform.proofs")) ? 50 : 8;

  @TempDir private Path folder;

  @Test
  void aProcessEndsInPeaceWhileModelsAreLoadedAndRun() throws Exception {
    for (int exit = 0; exit < EXITS; exit++) {
      OtherJvm.End end =
          OtherJvm.run(folder, EndingHost.class, "ours", Integer.toString(5 + exit), "50");
      assertThat(end.output()).endsWith("finished\n");
      assertThat(end.code()).isZero();
    }
  }

  /** The control: whether it happens is up to the scheduler, so nothing is asserted of how. */
  @Test
  void plainCallsMayNotLiveToTheEndOfTheProcess() throws Exception {
    OtherJvm.End end = OtherJvm.run(folder, EndingHost.class, "raw", "5", "50");
    System.out.printf("exit under plain calls: code %d: %s%n", end.code(), end.story());
    assertThat(end.output()).isNotEmpty();
  }

  /** The control: whether it happens is up to the scheduler, so nothing is asserted of how. */
  @Test
  void plainCallsMayNotLiveThroughSwaps() throws Exception {
    OtherJvm.End end = OtherJvm.run(folder, SwappingHost.class, "300");
    System.out.printf("swaps by plain calls: code %d: %s%n", end.code(), end.story());
    assertThat(end.output()).isNotEmpty();
  }
}
