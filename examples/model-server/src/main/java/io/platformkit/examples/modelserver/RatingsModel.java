package io.platformkit.examples.modelserver;

import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.ONNXExportable;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.evaluation.RegressionEvaluator;
import org.tribuo.regression.sgd.fm.FMRegressionModel;
import org.tribuo.regression.sgd.fm.FMRegressionTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;
import org.tribuo.util.onnx.ONNXContext;
import org.tribuo.util.onnx.ONNXNode;
import org.tribuo.util.onnx.ONNXOperators;
import org.tribuo.util.onnx.ONNXPlaceholder;

/**
 * How many stars does a user give an item? A factorization machine, trained by Tribuo on generated
 * ratings. To it, a user and an item are a 1 among many 0s; the served file makes that of two
 * numbers.
 */
final class RatingsModel {
  static final String NAME = "ratings";
  static final int USERS = 200;
  static final int ITEMS = 60;

  private static final String OUTPUT = "stars";
  private static final long SEED = 2;
  private static final int RATINGS = 8000;
  private static final int EPOCHS = 20;
  private static final int FACTORS = 8;
  private static final double LEARNING_RATE = 0.1;

  private final FMRegressionModel model;
  private final double rmse;

  private RatingsModel(List<Example<Regressor>> known, List<Example<Regressor>> heldBack) {
    model =
        new FMRegressionTrainer(
                new SquaredLoss(),
                new AdaGrad(LEARNING_RATE, LEARNING_RATE),
                EPOCHS,
                -1,
                1,
                SEED,
                FACTORS,
                0.1,
                false)
            .train(dataset(known));
    rmse = new RegressionEvaluator().evaluate(model, dataset(heldBack)).rmse(stars(0));
  }

  /** The same model on every machine. */
  static RatingsModel train() {
    List<Example<Regressor>> ratings = ratings();
    int known = RATINGS * 3 / 4;
    return new RatingsModel(ratings.subList(0, known), ratings.subList(known, RATINGS));
  }

  private static MutableDataset<Regressor> dataset(List<Example<Regressor>> ratings) {
    return Generated.dataset(NAME, new RegressionFactory(), ratings);
  }

  /** Users and items have a taste in three dimensions; who agrees gives more stars. */
  private static List<Example<Regressor>> ratings() {
    Random random = new Random(SEED);
    List<double[]> users = tastes(random, USERS);
    List<double[]> items = tastes(random, ITEMS);
    List<Example<Regressor>> ratings = new ArrayList<>();
    for (int i = 0; i < RATINGS; i++) {
      int user = i % USERS;
      int item = random.nextInt(ITEMS);
      double agreement = 0;
      for (int k = 0; k < users.get(user).length; k++) {
        agreement += users.get(user)[k] * items.get(item)[k];
      }
      double stars = Math.clamp(3 + 2 * agreement + 0.2 * random.nextGaussian(), 1, 5);
      ratings.add(example(user, item, stars));
    }
    return ratings;
  }

  private static List<double[]> tastes(Random random, int count) {
    return IntStream.range(0, count).mapToObj(i -> random.doubles(3, -1, 1).toArray()).toList();
  }

  private static Example<Regressor> example(int user, int item, double stars) {
    return new ArrayExample<>(
        stars(stars), new String[] {item(item), user(user)}, new double[] {1, 1});
  }

  private static Regressor stars(double stars) {
    return new Regressor(OUTPUT, stars);
  }

  static String user(int number) {
    return "user-%03d".formatted(number);
  }

  static String item(int number) {
    return "item-%03d".formatted(number);
  }

  /** The stars that a user gives an item, as Tribuo computes them. */
  double predict(int user, int item) {
    return model.predict(example(user, item, 0)).getOutput().getValues()[0];
  }

  /** The file: the numbers of an item and a user in, stars out. */
  byte[] onnx() {
    ONNXContext file = new ONNXContext();
    ONNXNode item = oneHot(file, file.floatInput("item", 1), ITEMS);
    ONNXNode user = oneHot(file, file.floatInput("user", 1), USERS);
    ONNXNode pair = // Tribuo keeps features sorted by name, items first
        file.operation(ONNXOperators.CONCAT, List.of(item, user), "pair", Map.of("axis", 1));
    model.writeONNXGraph(pair).assignTo(file.floatOutput(OUTPUT, 1));
    return Generated.bytes(ONNXExportable.buildModel(file, "io.platformkit", 1, model));
  }

  /** 1 where a number's distance from 0, 1, 2, … is below a half. */
  private static ONNXNode oneHot(ONNXContext file, ONNXPlaceholder numbers, int count) {
    double[] all = new double[count];
    Arrays.setAll(all, i -> i);
    ONNXNode distance = numbers.apply(ONNXOperators.SUB, file.array("all", all));
    return distance
        .apply(ONNXOperators.MUL, distance)
        .apply(ONNXOperators.LESS, file.constant("quarter", 0.25f))
        .cast(float.class);
  }

  ModelCard card() {
    return ModelCard.of(
        "factorization-machine",
        ModelSchema.regressor(
            OUTPUT,
            Feature.category("item", codes(IntStream.range(0, ITEMS).mapToObj(RatingsModel::item)))
                .in("item"),
            Feature.category("user", codes(IntStream.range(0, USERS).mapToObj(RatingsModel::user)))
                .in("user")));
  }

  private static Map<String, Double> codes(Stream<String> names) {
    Map<String, Double> codes = new LinkedHashMap<>();
    names.forEach(name -> codes.put(name, (double) codes.size()));
    return codes;
  }

  VersionCard versionCard() {
    return VersionCard.trained(
        "ratings-" + SEED,
        Map.of(
            "epochs", "" + EPOCHS,
            "factors", "" + FACTORS,
            "learning_rate", "" + LEARNING_RATE,
            "seed", "" + SEED),
        Map.of("rmse", rmse));
  }
}
