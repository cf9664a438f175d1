package io.platformkit.examples.opsconsole;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param port to listen on, 0 for a free one
 * @param historyPoints how many seconds of synthetic history to write before the start
 * @param history the SQLite file that keeps what is sampled; empty: memory does
 * @param help whether only the usage is asked for
 */
record ConsoleOptions(int port, int historyPoints, Optional<Path> history, boolean help) {
  static final int DEFAULT_PORT = 8080;

  static final String USAGE =
      """
      Usage: ./console [--port N] [--history FILE] [--preload-year] [--help]

        --port N         listen on 127.0.0.1:N; 0 takes a free port (default 8080)
        --history FILE   keep what is sampled in a SQLite file, also when the console is killed:
                         a day of samples (about 300 MB), hourly figures for longer
        --preload-year   first write a synthetic year at one point a second
                         (31,536,000 points of demo.load; needs about 720 MB of heap)
        --help           print this and exit

      Environment: JAVA_OPTS holds options for the JVM, such as -Xmx2g.
      """;

  /** Reads a command line; each fault says what to do instead. */
  static ConsoleOptions parse(String... args) {
    int port = DEFAULT_PORT;
    int historyPoints = 0;
    Optional<Path> history = Optional.empty();
    boolean help = false;
    for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext(); ) {
      String flag = rest.next();
      switch (flag) {
        case "--port" -> port = port(rest);
        case "--history" -> history = Optional.of(history(rest));
        case "--preload-year" -> historyPoints = DemoHistory.YEAR;
        case "--help", "-h" -> help = true;
        default ->
            throw new UsageException(
                "'%s' is not an option of the console; see --help".formatted(flag));
      }
    }
    return new ConsoleOptions(port, historyPoints, history, help);
  }

  private static int port(Iterator<String> rest) {
    try {
      String text = rest.next();
      int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
      if (port < 0 || port > 65_535) {
        throw new UsageException(
            "--port was '%s' but it must be a whole number from 0 to 65535".formatted(text));
      }
      return port;
    } catch (NoSuchElementException e) {
      throw new UsageException("--port needs a number: --port 8081", e);
    }
  }

  private static Path history(Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new UsageException("--history needs a file: --history console.db");
    }
    String text = rest.next();
    Path file = Path.of(text).toAbsolutePath();
    Path folder = file.getParent();
    if (text.isBlank() || Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw new UsageException(
          "--history was '%s' but it must be a file in a folder that exists".formatted(text));
    }
    return file;
  }
}
