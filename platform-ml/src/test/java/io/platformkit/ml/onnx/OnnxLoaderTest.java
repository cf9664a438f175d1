package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxLoaderTest {
  private static final VersionId ID = new VersionId("mlp", "1");
  private static final MlpModel MODEL = MlpModel.of(8, 16, 1);

  private static Tensor features(int rows) {
    Tensor features = Tensor.allocate(TensorType.FLOAT32, rows, 8);
    for (int i = 0; i < features.elements(); i++) {
      features.floats().put(i, i % 7 / 7f);
    }
    return features;
  }

  private static void assertComputes(ModelRunner runner, int rows) {
    Tensor features = features(rows);
    Tensor scores = runner.run(Tensors.of(MlpModel.INPUT, features)).get(MlpModel.OUTPUT);
    for (int row = 0; row < rows; row++) {
      float[] one = new float[8];
      features.floats().get(row * 8, one);
      assertThat(scores.floats().get(row)).isCloseTo(MODEL.compute(one)[0], within(1e-5f));
    }
  }

  static Stream<UnaryOperator<OnnxLoaderBuilder>> options() {
    return Stream.of(
        options -> options,
        options -> options.intraOpThreads(2).spinning(true),
        options -> options.interOpThreads(2),
        options -> options.interOpThreads(2).spinning(true).memoryPattern(false),
        options -> options.graphOptimization(GraphOptimization.NONE),
        options -> options.graphOptimization(GraphOptimization.BASIC),
        options -> options.graphOptimization(GraphOptimization.EXTENDED),
        options -> options.cpuArena(false).memoryPattern(false),
        options -> options.deterministic(true),
        options -> options.provider(ExecutionProvider.CPU),
        options -> options.frozenBatchSizes(1, 3, 64));
  }

  @ParameterizedTest
  @MethodSource("options")
  void eachOptionGivesTheSameAnswers(UnaryOperator<OnnxLoaderBuilder> options) {
    try (ModelRunner runner = options.apply(OnnxLoader.builder()).build().load(ID, MODEL.fp32())) {
      assertThat(runner.degradation()).isEmpty();
      for (int rows : new int[] {1, 2, 3, 64, 65}) {
        assertComputes(runner, rows);
      }
    }
  }

  @Test
  void allFaultsOfTheOptionsAreToldAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            OnnxLoader.builder()
                .device(64)
                .fallbackToCpu()
                .gpuMemoryLimit(5)
                .intraOpThreads(0)
                .interOpThreads(1025)
                .memoryPattern(true)
                .frozenBatchSizes(0, 1, 1)
                .build())
        .withMessageContainingAll(
            "intraOpThreads was '0' but it must be from 1 to 1024",
            "interOpThreads was '1025' but it must be from 1 to 1024",
            "memoryPattern was 'true' but it must be false where interOpThreads is above 1",
            "device was 'given' but it must be left out where provider is CPU",
            "fallbackToCpu was 'given' but it must be left out where provider is CPU",
            "gpuMemoryLimit was 'given' but it must be left out where provider is CPU",
            "device was '64' but it must be from 0 to 63",
            "gpuMemoryLimit was '5' but it must be at least 1048576",
            "frozenBatchSizes was '[0, 1, 1]' but it must be without repetition",
            "frozenBatchSizes was '[0, 1, 1]' but it must be at most 16 sizes from 1 to 16777216");
  }

  @Test
  void spinningNeedsThreadsThatCanSpin() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnnxLoader.builder().spinning(true).build())
        .withMessage("spinning was 'true' but it must be false unless there are several threads");
  }

  @Test
  void aGpuRunsOneOperatorAfterAnother() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            OnnxLoader.builder().provider(ExecutionProvider.TENSORRT).interOpThreads(2).build())
        .withMessage("interOpThreads was '2' but it must be 1 where provider is TENSORRT");
  }

  @Test
  void anOptionIsGivenOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> OnnxLoader.builder().spinning(false).spinning(false))
        .withMessage("spinning was already set");
  }

  /** The other jar may find a GPU; {@code benchmarks/gpu} is the proof of that. */
  private static void assumeForTheProcessorAlone() {
    assumeFalse(OnnxEnvironment.isForGpus(), "the jar is the one for GPUs");
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDA", "TENSORRT"})
  void aGpuThatIsNotThereIsAnErrorThatSaysWhatItWantsAndWhatWasFound(ExecutionProvider provider) {
    assumeForTheProcessorAlone();
    OnnxLoader loader = OnnxLoader.builder().provider(provider).build();
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> loader.load(ID, MODEL.fp32()))
        .withMessageStartingWith("model 'mlp' version '1': " + provider + " was asked for and")
        .withMessageContaining("put onnxruntime_gpu in its place")
        .withMessageContaining("CUDA 12 (libcudart.so.12, ")
        .withMessageContaining("libnvinfer.so.10. Found: ");
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDA", "TENSORRT"})
  void whereTheFallbackIsAskedForTheProcessorComputesAndTheRunnerSaysWhy(
      ExecutionProvider provider) {
    assumeForTheProcessorAlone();
    OnnxLoader loader =
        OnnxLoader.builder()
            .provider(provider)
            .device(1)
            .fallbackToCpu()
            .everyOperatorOnGpu()
            .gpuMemoryLimit(1 << 30)
            .tf32(true)
            .frozenBatchSizes(2)
            .build();
    try (ModelRunner runner = loader.load(ID, MODEL.fp32())) {
      assertThat(runner.degradation().orElseThrow())
          .startsWith("on CPU: model 'mlp' version '1': " + provider + " was asked for");
      assertComputes(runner, 2);
    }
  }

  @Test
  void theFallbackDoesNotHideAFileThatIsNoModel() {
    OnnxLoader loader =
        OnnxLoader.builder().provider(ExecutionProvider.CUDA).fallbackToCpu().build();
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> loader.load(ID, new byte[] {1, 2, 3}))
        .withMessageContaining("can't load it on CPU");
  }

  @Test
  void frozenBatchSizesNeedAFirstDimensionThatIsFreeAndNamed() {
    OnnxLoader loader = OnnxLoader.builder().frozenBatchSizes(4).build();
    OnnxFile file =
        new OnnxFile()
            .input("x", TensorType.FLOAT32, 2, 2)
            .output("y", TensorType.FLOAT32, 2, 2)
            .node("Relu", "y", "x");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> loader.load(ID, file.bytes()))
        .withMessage(
            "model 'mlp' version '1': input 'x' is FLOAT32[2, 2] but with frozenBatchSizes its"
                + " first dimension must be free and named");
  }
}
