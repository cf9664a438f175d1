package io.platformkit.benchmarks.realtime;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The peers that are no Java, in a folder of their own: with npm's packages, where npm is. */
final class Peers {
  private static final List<String> FILES =
      List.of("package.json", "bun.js", "socketio.js", "ws.js");

  private final Path folder;
  private final Consumer<String> say;

  private Peers(Path folder, Consumer<String> say) {
    this.folder = folder;
    this.say = say;
  }

  /**
   * Those that are there, with npm's packages if they were installed before.
   *
   * @param say is told what is not there
   */
  static Peers found(Consumer<String> say) throws IOException {
    Path folder = folderBesideCode();
    Files.createDirectories(folder);
    for (String file : FILES) {
      try (InputStream content = Peers.class.getResourceAsStream("/peers/" + file)) {
        Files.copy(
            Objects.requireNonNull(content),
            folder.resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new Peers(folder, say);
  }

  /** As {@link #found}, after npm has installed its packages, where npm is. */
  static Peers installed(Consumer<String> say) throws IOException, InterruptedException {
    Peers peers = found(say);
    Optional<Path> npm = onPath("npm");
    if (npm.isPresent() && !peers.hasPackages()) {
      Path log = peers.folder.resolve("npm.log");
      say.accept("npm installs Bun, ws and socket.io: " + log);
      new ProcessBuilder(npm.get().toString(), "install", "--no-audit", "--no-fund")
          .directory(peers.folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start()
          .waitFor();
    }
    return peers;
  }

  /** Under {@code target}, whatever the working directory is. */
  private static Path folderBesideCode() {
    try {
      return Path.of(Peers.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling("peers");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("code comes from a file", e);
    }
  }

  private boolean hasPackages() {
    return Files.isDirectory(folder.resolve("node_modules"));
  }

  Path folder() {
    return folder;
  }

  /** Where a program is that a peer needs. */
  Optional<Path> program(String name) {
    Optional<Path> found =
        switch (name) {
          case "bun" -> existing(folder.resolve("node_modules/bun/bin/bun.exe"));
          case "node" -> hasPackages() ? onPath(name) : Optional.empty();
          default -> onPath(name);
        };
    if (found.isEmpty()) {
      say.accept(name + " is not there: without it");
    }
    return found;
  }

  private static Optional<Path> onPath(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> existing(Path program) {
    return Optional.of(program).filter(Files::isExecutable);
  }
}
