package io.platformkit.benchmarks.ranker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.benchmarks.ranker.OurRanker.From;
import io.platformkit.ml.onnx.MlpModel;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SidesTest {
  @BeforeAll
  static void theEngineThatMustBeFirst() {
    DjlRanker.beFirst();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void allSidesGiveTheSameScores(int rows) throws Exception {
    try (Ranker tensor = new OurRanker(rows, From.TENSOR);
        Ranker array = new OurRanker(rows, From.ARRAY);
        Ranker byRow = new OurRanker(rows, From.NESTED);
        Ranker plain = new PlainRanker(rows);
        Ranker djl = new DjlRanker(rows);
        Ranker nested = new NestedRanker(rows)) {
      MlpModel model = Ranker.model();
      float[][] features = Ranker.featuresByRow(rows);
      for (Ranker side : List.of(tensor, array, byRow, plain, djl, nested)) {
        side.run();
        float[] scores = side.scores();
        assertThat(scores).hasSize(rows);
        for (int row = 0; row < rows; row++) {
          assertThat(scores[row]).isCloseTo(model.compute(features[row])[0], within(1e-5f));
        }
      }
    }
  }
}
