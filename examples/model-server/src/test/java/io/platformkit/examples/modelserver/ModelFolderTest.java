package io.platformkit.examples.modelserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  private static final byte[] MODEL = MlpModel.fp32(2, 1);
  private static final String CARD =
      """
      {"algorithm": "mlp",
       "schema": {
         "features": [
           {"name": "age", "type": "NUMBER", "min": 0, "max": 130},
           {"name": "plan", "type": "CATEGORY", "codes": {"free": 0, "paid": 1}, "fallback": "free"}],
         "output": {"output": "%s", "kind": "VALUE"}}}
      """;

  @TempDir Path folder;
  private final ModelRegistry registry = ModelRegistry.inMemory();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    registry.close();
  }

  private ModelFolder open() {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new ModelFolder(folder, registry, OnnxLoader.builder().build(), out);
  }

  private void write(String name, byte[] content) throws IOException {
    Path place = Files.createDirectories(folder.resolve("shop"));
    Files.write(place.resolve(name), content);
  }

  private void write(String name, String content) throws IOException {
    write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> versions() {
    return registry.versions("shop").stream().map(ModelVersion::version).toList();
  }

  @Test
  void aVersionIsRegisteredWithAllThatTheFilesSayOfIt() throws Exception {
    write("model.json", CARD.formatted(MlpModel.OUTPUT));
    write(
        "1.json",
        """
        {"metrics": {"auc": 0.9}, "hyperparameters": {"epochs": "3"}, "dataset": "d-1"}
        """);
    write("1.onnx", MODEL);

    open().look();

    ModelVersion version = registry.production("shop").orElseThrow();
    assertThat(version.version()).isEqualTo("1");
    assertThat(version.algorithm()).contains("mlp");
    assertThat(version.metrics()).isEqualTo(Map.of("auc", 0.9));
    assertThat(version.hyperparameters()).isEqualTo(Map.of("epochs", "3"));
    assertThat(version.lineage().dataset()).contains("d-1");
    assertThat(version.schema().orElseThrow().features()).hasSize(2);
    assertThat(registry.artifact("shop", "1")).isEqualTo(MODEL);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines("Registered shop 1.\nPromoted shop 1, its first version.\n");
  }

  @Test
  void onlyTheFirstVersionIsPromoted() throws Exception {
    write("1.onnx", MODEL);
    ModelFolder models = open();
    models.look();
    write("2.onnx", MlpModel.of(2, 1).shifted(1).fp32());

    models.look();

    assertThat(registry.production("shop").orElseThrow().version()).isEqualTo("1");
    assertThat(registry.version("shop", "2").orElseThrow().stage()).isEqualTo(Stage.STAGED);
  }

  @Test
  void whatWasTakenOutOfProductionIsNotPromotedAgain() throws Exception {
    write("1.onnx", MODEL);
    open().look();
    registry.transition("shop", "1", Stage.STAGED);

    open().look();

    assertThat(registry.production("shop")).isEmpty();
  }

  @Test
  void aFirstVersionWhosePromotionWasCutOffIsPromotedByTheNextLook() throws Exception {
    write("1.onnx", MODEL);
    registry.register(NewVersion.builder("shop", "1").build(), MODEL);

    open().look();

    assertThat(registry.production("shop")).isPresent();
  }

  @Test
  void aFileThatIsStillBeingCopiedIsRegisteredWhenItIsWhole() throws Exception {
    ModelFolder models = open();
    for (int bytes = 0; bytes < MODEL.length; bytes += 7) {
      write("1.onnx", Arrays.copyOf(MODEL, bytes));
      models.look();
      assertThat(versions()).isEmpty();
    }
    write("1.onnx", MODEL);

    models.look();

    assertThat(versions()).containsExactly("1");
  }

  @Test
  void aSchemaThatDoesNotFitIsTriedAgainWhenItWasMended() throws Exception {
    write("model.json", CARD.formatted("no such output"));
    write("1.onnx", MODEL);
    ModelFolder models = open();
    models.look();
    assertThat(versions()).isEmpty();
    write("model.json", CARD.formatted(MlpModel.OUTPUT));

    models.look();

    assertThat(versions()).containsExactly("1");
  }

  @Test
  void whatIsWrongWithOneFileKeepsNoOtherFromBeingRegistered() throws Exception {
    write("0.onnx", "no model");
    write("1.json", "{\"metrics\": ");
    write("1.onnx", MODEL);
    write("2.onnx", MODEL);
    write("a name with blanks.onnx", MODEL);
    Files.createDirectories(folder.resolve("a folder with blanks"));

    open().look();

    assertThat(versions()).containsExactly("2");
  }

  @Test
  void aVersionThatWasRegisteredNeverChanges() throws Exception {
    write("1.onnx", MODEL);
    ModelFolder models = open();
    models.look();
    write("1.onnx", MlpModel.of(2, 1).shifted(1).fp32());

    models.look();

    assertThat(registry.artifact("shop", "1")).isEqualTo(MODEL);
  }

  @Test
  void aVersionThatWasDeletedDoesNotComeBack() throws Exception {
    write("1.onnx", MODEL);
    write("2.onnx", MODEL);
    open().look();
    registry.transition("shop", "2", Stage.FAILED);
    registry.delete("shop", "2");

    open().look();

    assertThat(versions()).containsExactly("1");
  }
}
