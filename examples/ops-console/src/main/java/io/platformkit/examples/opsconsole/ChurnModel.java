package io.platformkit.examples.opsconsole;

import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.schema.OutputMeaning;
import io.platformkit.ml.schema.OutputMeaning.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/** Whether a customer leaves: a classifier. */
final class ChurnModel implements DemoModel {
  private static final List<String> CONTRACTS = List.of("monthly", "yearly", "two years");
  private static final int MOST_MONTHS = 120;
  private static final double CHEAPEST = 5;
  private static final double DEAREST = 200;
  private static final int MOST_CALLS = 50;

  @Override
  public String name() {
    return "churn";
  }

  @Override
  public String algorithm() {
    return "logistic regression";
  }

  @Override
  public ModelSchema schema() {
    return new ModelSchema(
        List.of(
            Feature.number("tenure_months").from(0).to(MOST_MONTHS),
            Feature.number("monthly_fee").from(CHEAPEST).to(DEAREST),
            Feature.number("support_calls").from(0).to(MOST_CALLS).otherwise(0),
            Feature.category("contract", contracts()).otherwise("monthly"),
            Feature.bool("autopay").otherwise(false)),
        new OutputMeaning(
            LinearModel.OUTPUT, OptionalInt.empty(), Kind.LOGIT, OptionalDouble.empty()));
  }

  private static Map<String, Double> contracts() {
    Map<String, Double> codes = new LinkedHashMap<>();
    CONTRACTS.forEach(contract -> codes.put(contract, (double) codes.size()));
    return codes;
  }

  @Override
  public SequencedMap<String, LinearModel> versions() {
    SequencedMap<String, LinearModel> versions = new LinkedHashMap<>();
    versions.put("v1", LinearModel.of(0.2, -0.03, 0.0, 0.0, 0.0, 0.0));
    versions.put("v2", LinearModel.of(0.1, -0.03, 0.0, 0.3, -0.7, 0.0));
    versions.put("v3", LinearModel.of(-0.6, -0.035, 0.01, 0.4, -1.0, -0.6));
    return versions;
  }

  @Override
  public Map<String, Object> example(RandomGenerator random) {
    return Map.of(
        "tenure_months", random.nextInt(MOST_MONTHS + 1),
        "monthly_fee", Math.round(random.nextDouble(CHEAPEST, DEAREST)),
        "support_calls", random.nextInt(6),
        "contract", CONTRACTS.get(random.nextInt(CONTRACTS.size())),
        "autopay", random.nextBoolean());
  }

  /** 1 if the customer left. */
  @Override
  public double truth(Map<String, Object> customer, RandomGenerator chance) {
    double pull =
        0.01 * number(customer, "monthly_fee")
            + 0.4 * number(customer, "support_calls")
            - 0.035 * number(customer, "tenure_months")
            - CONTRACTS.indexOf(customer.get("contract"))
            - (Boolean.TRUE.equals(customer.get("autopay")) ? 0.6 : 0)
            - 0.6;
    return chance.nextDouble() < 1 / (1 + Math.exp(-pull)) ? 1 : 0;
  }

  private static double number(Map<String, Object> customer, String feature) {
    return customer.get(feature) instanceof Number number ? number.doubleValue() : 0;
  }

  @Override
  public String error() {
    return "error_rate";
  }
}
