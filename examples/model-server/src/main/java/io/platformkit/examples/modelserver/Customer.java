package io.platformkit.examples.modelserver;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A customer who never was.
 *
 * @param left whether the customer has left since
 */
record Customer(
    int age, int income, LocalDate lastPurchase, String plan, int purchases, boolean left) {
  /** The plans, each with the number that the model knows it by. */
  static final Map<String, Double> PLANS = Map.of("free", 0.0, "basic", 1.0, "premium", 2.0);

  /** Names of the features, in the order of {@link #values}: Tribuo keeps them sorted. */
  static final List<String> FEATURES =
      List.of("age", "income", "last_purchase_date", "plan", "purchase_history");

  private static final LocalDate TODAY = LocalDate.of(2026, 6, 30);

  /** The same customers for the same seed. */
  static List<Customer> generate(int count, long seed) {
    Random random = new Random(seed);
    return Stream.generate(() -> generate(random)).limit(count).toList();
  }

  private static Customer generate(Random random) {
    int age = 18 + random.nextInt(63);
    int income = (int) (40_000 * Math.exp(0.4 * random.nextGaussian()));
    int idle = random.nextInt(365);
    String plan = List.of("free", "basic", "premium").get(random.nextInt(3));
    int purchases = random.nextInt(60);
    double leaning =
        0.5 - 0.02 * (age - 45) + 0.01 * (idle - 180) - 0.05 * (purchases - 30) - code(plan);
    boolean left = random.nextDouble() < 1 / (1 + Math.exp(-leaning));
    return new Customer(age, income, TODAY.minusDays(idle), plan, purchases, left);
  }

  private static double code(String plan) {
    return PLANS.getOrDefault(plan, Double.NaN);
  }

  /** As the model is trained with them. */
  double[] values() {
    return new double[] {age, income, lastPurchase.toEpochDay(), code(plan), purchases};
  }

  /** As a caller of the served model gives them. */
  Map<String, Object> features() {
    return Map.of(
        "age", age,
        "income", income,
        "last_purchase_date", lastPurchase.toString(),
        "plan", plan,
        "purchase_history", purchases);
  }
}
