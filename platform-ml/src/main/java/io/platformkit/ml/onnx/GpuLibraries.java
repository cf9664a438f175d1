package io.platformkit.ml.onnx;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The libraries for GPUs that a Linux machine has, for the message to whoever misses one.
 *
 * @param files with version: {@code /usr/lib64/libcudart.so.13}
 */
record GpuLibraries(SortedSet<Path> files) {
  /** What {@code onnxruntime_gpu} 1.28 loads; libcudnn at the first operator that needs it. */
  static final String WANTED =
      "CUDA 12 (libcudart.so.12, libcublas.so.12, libcublasLt.so.12, libcurand.so.10),"
          + " the driver (libcuda.so.1),"
          + " cuDNN 9 (libcudnn.so.9) for convolutions and the like,"
          + " and for TensorRT libnvinfer.so.10";

  private static final String LOADERS_OWN = ":/usr/lib/x86_64-linux-gnu:/usr/lib64:/usr/lib";
  private static final String NAMES =
      "lib(?:cuda|cudart|cublas|cublasLt|curand|cudnn|nvinfer)\\.so\\.\\d+";
  private static final Pattern FILE = Pattern.compile(NAMES);
  private static final Pattern CACHED = Pattern.compile("(/[^\\x00]*/" + NAMES + ")\\x00");

  /** In all places where the dynamic loader may look, and where CUDA's installer puts them. */
  static GpuLibraries ofThisMachine() {
    String search = Objects.requireNonNullElse(System.getenv("LD_LIBRARY_PATH"), "");
    Set<Path> folders = new LinkedHashSet<>();
    for (String folder : (search + LOADERS_OWN).split(File.pathSeparator, -1)) {
      folders.add(Path.of(folder));
    }
    for (Path toolkit : list(Path.of("/usr/local"), "cuda*")) {
      folders.add(toolkit.resolve("lib64"));
    }
    return in(folders, Path.of("/etc/ld.so.cache"));
  }

  /** In these folders, and in the dynamic loader's cache; what can't be read counts as empty. */
  static GpuLibraries in(Set<Path> folders, Path cache) {
    SortedSet<Path> found = new TreeSet<>();
    for (Path folder : folders) {
      for (Path file : list(folder, "lib*.so.*")) {
        if (FILE.matcher(file.getFileName().toString()).matches()) {
          found.add(file);
        }
      }
    }
    found.addAll(cached(cache));
    return new GpuLibraries(found);
  }

  private static List<Path> list(Path folder, String names) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder.toRealPath(), names)) {
      stream.forEach(files::add);
    } catch (IOException | DirectoryIteratorException e) {
      return files;
    }
    return files;
  }

  private static List<Path> cached(Path cache) {
    List<Path> files = new ArrayList<>();
    try {
      Matcher names = CACHED.matcher(Files.readString(cache, StandardCharsets.ISO_8859_1));
      while (names.find()) {
        files.add(Path.of(names.group(1)));
      }
    } catch (IOException e) {
      return List.of();
    }
    return files;
  }

  /** For a message: {@code /usr/lib64/libcudart.so.13}, or {@code none}. */
  @Override
  public String toString() {
    return files.isEmpty()
        ? "none"
        : String.join(", ", files.stream().map(Path::toString).toList());
  }
}
