package io.platformkit.examples.opsconsole;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Note;
import io.platformkit.ml.registry.Transition;
import io.platformkit.ml.schema.OutputReader;
import io.platformkit.ml.schema.RowEncoder;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The models that the console brings along, so that there is something to look at. They are written
 * into a registry once; what people do to them there stays.
 */
final class DemoModels {
  static final List<DemoModel> ALL = List.of(new ChurnModel(), new RentModel());

  private static final long SEED = 20_260_101;
  private static final int EXAMPLES = 5_000;
  private static final Note NOTE = Note.by("ops-console").because("comes with the console");

  private DemoModels() {}

  /** Registers what is missing, also of what a console that was killed had begun. */
  static void registerIn(ModelRegistry registry) {
    ALL.forEach(model -> register(model, registry));
  }

  private static void register(DemoModel model, ModelRegistry registry) {
    for (Map.Entry<String, LinearModel> version : model.versions().entrySet()) {
      if (registry.version(model.name(), version.getKey()).isEmpty()) {
        NewVersion described = described(model, version.getKey(), version.getValue());
        registry.register(described, version.getValue().artifact());
      }
    }
    if (registry.history(model.name()).stream().noneMatch(Transition::starts)) {
      List<String> names = List.copyOf(model.versions().sequencedKeySet());
      names
          .subList(0, names.size() - 1)
          .forEach(version -> registry.promote(model.name(), version, NOTE));
    }
  }

  private static NewVersion described(DemoModel model, String version, LinearModel linear) {
    return NewVersion.builder(model.name(), version)
        .algorithm(model.algorithm())
        .schema(model.schema())
        .metrics(Map.of(model.error(), error(model, linear)))
        .dataset("made up with seed " + SEED)
        .note(NOTE)
        .build();
  }

  /** The mean distance of predictions from the truth, of examples that no version has seen. */
  static double error(DemoModel model, LinearModel linear) {
    SplittableRandom random = new SplittableRandom(SEED);
    ModelSignature signature = linear.signature();
    RowEncoder encoder = RowEncoder.of(model.schema(), signature);
    Tensors inputs = signature.allocateInputs(EXAMPLES);
    double[] truths = new double[EXAMPLES];
    for (int row = 0; row < EXAMPLES; row++) {
      Map<String, Object> example = model.example(random);
      encoder.encode(example, inputs, row);
      truths[row] = model.truth(example, random);
    }
    return meanDistance(predicted(model, linear, inputs), truths);
  }

  private static double[] predicted(DemoModel model, LinearModel linear, Tensors inputs) {
    VersionId id = new VersionId(model.name(), "measured");
    OutputReader reader = OutputReader.of(id, model.schema(), linear.signature());
    try (ModelRunner runner = LinearModel.load(id, linear.artifact())) {
      Tensors outputs = runner.run(inputs);
      return IntStream.range(0, EXAMPLES)
          .mapToDouble(row -> reader.read(outputs, row).value())
          .toArray();
    }
  }

  private static double meanDistance(double[] predictions, double[] truths) {
    return IntStream.range(0, truths.length)
        .mapToDouble(row -> Math.abs(predictions[row] - truths[row]))
        .average()
        .orElseThrow();
  }
}
