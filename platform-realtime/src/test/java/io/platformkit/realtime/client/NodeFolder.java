package io.platformkit.realtime.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A folder below the build's with scripts for Node.js, and the packages that they use. */
final class NodeFolder {
  private static final Path FOLDER = Path.of("target", "foreign-clients").toAbsolutePath();
  private static final List<String> FILES =
      List.of("package.json", "websocket.mjs", "events.mjs", "streams.mjs");
  private static final long LIMIT_SECONDS = 90;

  private NodeFolder() {}

  /** Installs what is not there yet; skips the test, saying why, where that can't be done. */
  static NodeFolder prepare() throws IOException, InterruptedException {
    assumeTrue(
        works("node", "--version"), "Node.js is not installed; on Debian: apt install nodejs");
    Files.createDirectories(FOLDER);
    for (String file : FILES) {
      try (InputStream in = NodeFolder.class.getResourceAsStream("foreign/" + file)) {
        Path to = FOLDER.resolve(file);
        Files.copy(Objects.requireNonNull(in, file), to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    assumeTrue(
        works("npm", "ls")
            || works("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"),
        "npm is not installed, or reaches no registry; the packages go to " + FOLDER);
    return new NodeFolder();
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Files.isDirectory(FOLDER) ? FOLDER.toFile() : null)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /** What a script prints; fails the test if the script fails. */
  String run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    Path errors = FOLDER.resolve(script + ".err");
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectError(errors.toFile())
            .start();
    try (InputStream out = process.getInputStream()) {
      String printed = new String(out.readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
