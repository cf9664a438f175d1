package io.platformkit.ml.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main in a JVM of its own, for what may end one. */
final class OtherJvm {
  private static final int PATIENCE_SECONDS = 120;

  private OtherJvm() {}

  /**
   * How it ended.
   *
   * @param code of its exit; above 128 where a signal ended it
   * @param output all that it wrote, errors too
   */
  record End(int code, String output) {
    /** The first line that tells of a crash, or the last one. */
    String story() {
      List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
      return lines.stream()
          .filter(line -> line.matches(".*(SIG[A-Z]+|Assert|terminate).*"))
          .findFirst()
          .orElse(lines.isEmpty() ? "" : lines.getLast());
    }
  }

  /**
   * Waits for its end.
   *
   * @param folder where it works and keeps its own files
   */
  static End run(Path folder, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return run(folder, System.getProperty("java.class.path"), main, arguments);
  }

  /** As the other one, on a class path of its own. */
  static End run(Path folder, String classPath, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:-CreateCoredumpOnCrash"));
    command.add("-XX:ErrorFile=" + folder.resolve("crash"));
    command.add("-Djava.io.tmpdir=" + folder); // a JVM that crashes leaves libraries there
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    Process child =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still runs: " + Files.readString(output, UTF_8));
      }
      return new End(child.exitValue(), Files.readString(output, UTF_8));
    } finally {
      child.destroyForcibly();
    }
  }
}
