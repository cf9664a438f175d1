package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEnvironmentIT {
  @TempDir private Path folder;

  @Test
  void aHostWithoutOnnxRuntimeIsToldWhichArtifactToAdd() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("onnxruntime"))
            .collect(Collectors.joining(File.pathSeparator));
    OtherJvm.End end = OtherJvm.run(folder, classPath, LoadingHost.class);
    assertThat(end.output().lines())
        .containsExactly(
            "ONNX files need ONNX Runtime on the class path; add the artifact"
                + " com.microsoft.onnxruntime:onnxruntime, or onnxruntime_gpu in its place",
            "ONNX files need ONNX Runtime on the class path; add the artifact"
                + " com.microsoft.onnxruntime:onnxruntime, or onnxruntime_gpu in its place");
  }

  @Test
  void aNativeLibraryThatCantBeLoadedIsAnErrorEachTime() throws Exception {
    OtherJvm.End end = OtherJvm.run(folder, LoadingHost.class, folder.toString());
    assertThat(end.output().lines())
        .filteredOn(line -> line.contains("the native library of ONNX Runtime can't be loaded"))
        .hasSize(2);
  }

  /** Some versions of ONNX Runtime end a process with a long command line. */
  @Test
  void aProcessWithALongCommandLineLoadsModels() throws Exception {
    String classPath = System.getProperty("java.class.path") + ":/none".repeat(2000);
    OtherJvm.End end = OtherJvm.run(folder, classPath, LoadingHost.class);
    assertThat(end.output()).endsWith("loaded\nloaded\n");
  }
}
