package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuLibrariesTest {
  @TempDir private Path folder;

  @Test
  void librariesAreFoundInFoldersWithTheirMajorVersion() throws IOException {
    for (String name :
        new String[] {
          "libcudart.so",
          "libcudart.so.13",
          "libcudart.so.13.0.1",
          "libcuda.so.1",
          "libcudadebugger.so.1"
        }) {
      Files.createFile(folder.resolve(name));
    }
    GpuLibraries found = GpuLibraries.in(Set.of(folder), folder.resolve("none"));
    assertThat(found.files())
        .containsExactly(folder.resolve("libcuda.so.1"), folder.resolve("libcudart.so.13"));
    assertThat(found).hasToString(folder + "/libcuda.so.1, " + folder + "/libcudart.so.13");
  }

  @Test
  void librariesAreFoundInTheCacheOfTheDynamicLoader() throws IOException {
    Path cache = folder.resolve("ld.so.cache");
    String entries =
        "glibc-ld.so.cache1.1\\0\\377libc.so.6\\0/lib/libc.so.6\\0"
            + "libcublas.so.12\\0/opt/cuda/lib/libcublas.so.12\\0libm.so\\0/lib/libm.so\\0";
    Files.writeString(cache, entries.translateEscapes(), StandardCharsets.ISO_8859_1);
    assertThat(GpuLibraries.in(Set.of(), cache)).hasToString("/opt/cuda/lib/libcublas.so.12");
  }

  @Test
  void whatCantBeReadCountsAsEmpty() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(GpuLibraries.in(Set.of(file, folder.resolve("none")), folder)).hasToString("none");
  }
}
