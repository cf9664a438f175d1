package io.platformkit.examples.modelserver;

import static java.util.Objects.requireNonNull;

import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.schema.OutputMeaning;
import java.util.List;
import java.util.Map;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.ONNXExportable;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.util.onnx.ONNXContext;

/** Does a customer leave? Logistic regression, trained by Tribuo on generated customers. */
final class ChurnModel {
  static final String NAME = "churn";

  private static final String OUTPUT = "probabilities";
  private static final Label LEFT = new Label("left");
  private static final Label STAYED = new Label("stayed");
  private static final long SEED = 1;
  private static final int CUSTOMERS = 8000;
  private static final int EPOCHS = 10;
  private static final double LEARNING_RATE = 0.1;

  private final Standardization standardization;
  private final LinearSGDModel model;
  private final double auc;

  private ChurnModel(List<Customer> known, List<Customer> heldBack) {
    standardization = Standardization.of(known.stream().map(Customer::values).toList());
    model =
        new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(LEARNING_RATE, LEARNING_RATE), EPOCHS, -1, 1, SEED)
            .train(dataset(known));
    auc = new LabelEvaluator().evaluate(model, dataset(heldBack)).AUCROC(LEFT);
  }

  /** The same model on every machine. */
  static ChurnModel train() {
    List<Customer> customers = Customer.generate(CUSTOMERS, SEED);
    int known = CUSTOMERS * 3 / 4;
    return new ChurnModel(customers.subList(0, known), customers.subList(known, CUSTOMERS));
  }

  private MutableDataset<Label> dataset(List<Customer> customers) {
    return Generated.dataset(
        NAME, new LabelFactory(), customers.stream().map(this::example).toList());
  }

  private Example<Label> example(Customer customer) {
    return new ArrayExample<>(
        customer.left() ? LEFT : STAYED,
        Customer.FEATURES.toArray(String[]::new),
        standardization.apply(customer.values()));
  }

  /** The probability that a customer leaves, as Tribuo computes it. */
  double predict(Customer customer) {
    Map<String, Label> scores = model.predict(example(customer)).getOutputScores();
    return requireNonNull(scores.get(LEFT.getLabel())).getScore();
  }

  /** The file: features as they are in, the probability of each label out. */
  byte[] onnx() {
    ONNXContext file = new ONNXContext();
    var rows = file.floatInput("customers", Customer.FEATURES.size());
    model
        .writeONNXGraph(standardization.apply(file, rows))
        .assignTo(file.floatOutput(OUTPUT, model.getOutputIDInfo().size()));
    return Generated.bytes(ONNXExportable.buildModel(file, "io.platformkit", 1, model));
  }

  ModelCard card() {
    int column = model.getOutputIDInfo().getID(LEFT);
    return ModelCard.of(
        "logistic-regression",
        new ModelSchema(
            List.of(
                Feature.number("age").from(0).to(130),
                Feature.number("income").from(0),
                Feature.date("last_purchase_date"),
                Feature.category("plan", Customer.PLANS).otherwise("free"),
                Feature.number("purchase_history").from(0).otherwise(0)),
            OutputMeaning.probability(OUTPUT, column)));
  }

  VersionCard versionCard() {
    return VersionCard.trained(
        "customers-" + SEED,
        Map.of("epochs", "" + EPOCHS, "learning_rate", "" + LEARNING_RATE, "seed", "" + SEED),
        Map.of("auc", auc));
  }
}
