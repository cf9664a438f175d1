package io.platformkit.examples.modelserver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.examples.modelserver.ServerProcess.Answer;
import io.platformkit.ml.onnx.MlpModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served is what was trained: another process gives what Java computes in this one. */
class ServedPredictionsIT {
  private static final int ROWS = 200;

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    server =
        ServerProcess.start(
            folder.resolve("server.log"), "--folder", folder.resolve("data").toString());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void customersLeaveAsProbablyAsTribuoSays() throws Exception {
    ChurnModel model = ChurnModel.train();
    List<Customer> customers = Customer.generate(ROWS, 99);

    List<Double> served = new ArrayList<>();
    for (Customer customer : customers) {
      served.add(number(server.post("/predict", customer.features()), "probability"));
    }

    for (int i = 0; i < ROWS; i++) {
      assertThat(served.get(i)).isCloseTo(model.predict(customers.get(i)), within(1e-5));
    }
    assertThat(served.stream().mapToDouble(p -> p).summaryStatistics())
        .satisfies(range -> assertThat(range.getMax() - range.getMin()).isGreaterThan(0.5));
  }

  @Test
  void usersGiveItemsAsManyStarsAsTribuoSays() throws Exception {
    RatingsModel model = RatingsModel.train();
    for (int i = 0; i < ROWS; i++) {
      int user = i % RatingsModel.USERS;
      int item = 7 * i % RatingsModel.ITEMS;
      Map<String, Object> features =
          Map.of("user", RatingsModel.user(user), "item", RatingsModel.item(item));

      Answer answer = server.post("/predict/ratings", Map.of("features", features));

      assertThat(number(answer, "prediction")).isCloseTo(model.predict(user, item), within(1e-5));
    }
  }

  /** Scores are within ±2: a twentieth is 1.25 % of their range. */
  @Test
  void eightBitsScoreAsThirtyTwoDoWithinATwentieth() throws Exception {
    MlpModel model = MlpModel.of(64, 128, 64, 1);
    Random random = new Random(5);
    for (int i = 0; i < ROWS; i++) {
      float[] row = new float[64];
      List<Float> features = new ArrayList<>();
      for (int k = 0; k < row.length; k++) {
        row[k] = 2 * random.nextFloat() - 1;
        features.add(row[k]);
      }
      Map<String, Object> asked = Map.of("features", Map.of("features", features));

      double fp32 = number(server.post("/predict/ranker/fp32", asked), "prediction");
      double int8 = number(server.post("/predict/ranker/int8", asked), "prediction");

      assertThat(fp32).isCloseTo(model.compute(row)[0], within(1e-5));
      assertThat(int8).isCloseTo(fp32, within(0.05));
    }
  }

  private static double number(Answer answer, String member) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return ((Number) requireNonNull(answer.json().get(member))).doubleValue();
  }
}
