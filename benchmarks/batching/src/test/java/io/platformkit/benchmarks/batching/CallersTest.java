package io.platformkit.benchmarks.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import org.junit.jupiter.api.Test;

class CallersTest {
  @Test
  void allSidesGiveTheSameScores() throws Exception {
    MlpModel model = MlpModel.of(Callers.LAYERS);
    try (ModelRunner runner =
            OnnxLoader.builder().build().load(new VersionId("ranker", "1"), model.fp32());
        Callers callers = new Callers(runner);
        Batcher batcher = Batcher.builder(runner).build()) {
      batcher.start();
      callers.inFlight(3, batcher);
      callers.blocking(4, batcher);
      callers.allAlone(5);
      callers.alone(6);
      for (int caller = 3; caller <= 6; caller++) {
        assertThat(callers.score(caller, 0))
            .isCloseTo(model.compute(Callers.features(caller, 0))[0], within(1e-5f));
      }
      assertThat(callers.score(3, 7))
          .isEqualTo(model.compute(Callers.features(3, 7))[0], within(1e-5f));
      assertThat(callers.score(5, 7))
          .isEqualTo(model.compute(Callers.features(5, 7))[0], within(1e-5f));
    }
  }
}
