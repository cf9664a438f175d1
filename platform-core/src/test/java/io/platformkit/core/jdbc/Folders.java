package io.platformkit.core.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole folders of servers that are down, so that their files fit together. */
final class Folders {
  private Folders() {}

  static Path createTemporary(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With owners and modes, to what is not there yet. */
  static void copy(Path from, Path to) {
    run("cp", "-a", from.toString(), to.toString());
  }

  static void remove(Path what) {
    run("rm", "-rf", what.toString());
  }

  private static void run(String... words) {
    try {
      int exit = new ProcessBuilder(words).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException(String.join(" ", words) + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
