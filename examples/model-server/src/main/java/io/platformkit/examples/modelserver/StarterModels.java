package io.platformkit.examples.modelserver;

import io.platformkit.core.Json;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** The models that a new folder begins with. */
final class StarterModels {
  static final String RANKER = "ranker";

  private final Path folder;

  private StarterModels(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a folder of models, all of it or nothing.
   *
   * @param folder that is not there yet
   */
  static void write(Path folder) throws IOException {
    Path unfinished = folder.resolveSibling(folder.getFileName() + ".part");
    remove(unfinished);
    StarterModels models = new StarterModels(unfinished);
    models.writeChurn();
    models.writeRatings();
    models.writeRanker();
    Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What a start left that was cut off. */
  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void writeChurn() throws IOException {
    ChurnModel churn = ChurnModel.train();
    write(ChurnModel.NAME, churn.card());
    write(ChurnModel.NAME, "1", churn.onnx(), churn.versionCard());
  }

  private void writeRatings() throws IOException {
    RatingsModel ratings = RatingsModel.train();
    write(RatingsModel.NAME, ratings.card());
    write(RatingsModel.NAME, "1", ratings.onnx(), ratings.versionCard());
  }

  /** The same network in 32 and in 8 bits; one takes over from the other. */
  private void writeRanker() throws IOException {
    MlpModel ranker = MlpModel.of(64, 128, 64, 1);
    Feature features = Feature.vector(MlpModel.INPUT, 64).from(-1).to(1);
    write(RANKER, ModelCard.of("mlp", ModelSchema.regressor(MlpModel.OUTPUT, features)));
    write(RANKER, "fp32", ranker.fp32(), VersionCard.EMPTY);
    VersionCard quantized = VersionCard.derived("fp32", Map.of("weights", "int8"));
    write(RANKER, "int8", ranker.int8(), quantized);
  }

  private void write(String model, ModelCard card) throws IOException {
    Path place = Files.createDirectories(folder.resolve(model));
    Files.write(place.resolve(ModelCard.FILE), Json.standard().encode(card));
  }

  private void write(String model, String version, byte[] onnx, VersionCard card)
      throws IOException {
    Path place = folder.resolve(model);
    Files.write(place.resolve(version + ".json"), Json.standard().encode(card));
    Files.write(place.resolve(version + ".onnx"), onnx);
  }
}
