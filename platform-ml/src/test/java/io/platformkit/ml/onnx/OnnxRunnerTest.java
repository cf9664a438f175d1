package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelRunner.Binding;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.VersionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class OnnxRunnerTest {
  private static final VersionId ID = new VersionId("mlp", "7");
  private static final int THREADS = 4;

  private final ModelLoader loader = OnnxLoader.builder().build();
  private final byte[] file = MlpModel.fp32(16, 32, 1);

  @Test
  void aRunnerThatIsClosedUnderItsRunsFinishesThemAndRefusesMore() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int round = 0; round < 300; round++) {
        ModelRunner runner = loader.load(ID, file);
        CountDownLatch running = new CountDownLatch(THREADS);
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Binding binding =
              runner.bind(
                  runner.signature().allocateInputs(8), runner.signature().allocateOutputs(8));
          callers.add(threads.submit(() -> runUntilClosed(binding, running)));
        }
        running.await();
        runner.close();
        for (Future<?> caller : callers) {
          caller.get();
        }
      }
    }
  }

  private static void runUntilClosed(Binding binding, CountDownLatch running) {
    binding.run();
    running.countDown();
    assertThatIllegalStateException()
        .isThrownBy(() -> {
          while (true) {
            binding.run();
          }
        })
        .withMessage("model 'mlp' version '7' is closed");
    binding.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"model\": 1}", "PK\u0003\u0004", "\n\n\n", "\0\0\0\0\0\0\0\0"})
  void aFileOfAnotherKindIsRefused(String content) {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> loader.load(ID, content.getBytes(StandardCharsets.UTF_8)))
        .withMessageStartingWith("model 'mlp' version '7': ONNX Runtime can't load it on CPU: ");
  }

  @Test
  void aFileThatIsCutIsRefusedWhereverItIs() {
    for (int length = 0; length < file.length; length += 7) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatExceptionOfType(ModelException.class).isThrownBy(() -> loader.load(ID, cut));
    }
  }

  @Test
  void aFileWithWrongBytesIsRefusedOrRunAndNeverEndsTheProcess() {
    long seed = new Random().nextLong();
    System.out.println("seed of wrong bytes: " + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] wrong = file.clone();
      int end = random.nextBoolean() ? 200 : wrong.length; // what is not a weight, or anything
      for (int i = random.nextInt(4); i >= 0; i--) {
        wrong[random.nextInt(end)] = (byte) random.nextInt();
      }
      try (ModelRunner runner = loader.load(ID, wrong)) {
        assertThat(runner.signature()).isNotNull();
      } catch (ModelException refusal) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void weightsInOtherFilesAreRefused() {
    OnnxFile outside =
        new OnnxFile()
            .input("x", TensorType.UINT8, 4)
            .output("y", TensorType.UINT8, 4)
            .constantIn("/etc/hostname", "secret", 4)
            .node("Max", "y", "x", "secret");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> loader.load(ID, outside.bytes()));
    OnnxFile beside =
        new OnnxFile()
            .input("x", TensorType.UINT8, 4)
            .output("y", TensorType.UINT8, 4)
            .constantIn("pom.xml", "secret", 4)
            .node("Max", "y", "x", "secret");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> loader.load(ID, beside.bytes()));
  }
}
