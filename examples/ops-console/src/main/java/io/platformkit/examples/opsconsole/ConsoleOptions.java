package io.platformkit.examples.opsconsole;

import io.platformkit.examples.commandline.Arguments;
import io.platformkit.examples.commandline.UsageException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param bind the address to listen on
 * @param port to listen on, 0 for a free one
 * @param historyPoints how many seconds of synthetic history to write before the start
 * @param history the SQLite file that keeps what is sampled; empty: memory does
 * @param keys the file of the API keys that log in; empty: nobody has to
 * @param redis where answers are kept for other consoles too; empty: memory does
 */
record ConsoleOptions(
    InetAddress bind,
    int port,
    int historyPoints,
    Optional<Path> history,
    Optional<Path> keys,
    Optional<String> redis) {
  static final int DEFAULT_PORT = 8080;

  static final String USAGE =
      """
      Usage: ./console [--port N] [--bind ADDRESS] [--keys FILE] [--history FILE]
                       [--redis URI] [--preload-year] [--help]

        --port N         listen on port N; 0 takes a free port (default 8080)
        --bind ADDRESS   listen on this address (default 127.0.0.1); any other than this
                         machine's own needs --keys
        --keys FILE      let in whoever logs in with an API key of this file; a file that is
                         not there is made, with one key that is shown once
        --history FILE   keep what is sampled in a SQLite file, also when the console is killed:
                         a day of samples (about 300 MB), hourly figures for longer; and the
                         stages of models with their history, for ever
        --redis URI      keep charts of the past in Redis too, for all consoles
        --preload-year   first write a synthetic year at one point a second
                         (31,536,000 points of demo.load; needs about 720 MB of heap)
        --help           print this and exit

      Environment: JAVA_OPTS holds options for the JVM, such as -Xmx2g.
      """;

  /** Reads a command line; each fault says what to do instead. */
  static ConsoleOptions parse(String... args) {
    Parser parser = new Parser();
    for (Arguments rest = new Arguments(args); rest.hasNext(); ) {
      parser.take(rest);
    }
    return parser.options();
  }

  /** Takes one flag after the other. */
  private static final class Parser {
    private InetAddress bind = InetAddress.getLoopbackAddress();
    private int port = DEFAULT_PORT;
    private int historyPoints;
    private Optional<Path> history = Optional.empty();
    private Optional<Path> keys = Optional.empty();
    private Optional<String> redis = Optional.empty();

    void take(Arguments rest) {
      switch (rest.next()) {
        case "--port" -> port = rest.port("--port 8081");
        case "--bind" -> bind = rest.address("--bind 0.0.0.0");
        case "--keys" -> keys = Optional.of(rest.file("--keys keys.json"));
        case "--history" -> history = Optional.of(rest.file("--history console.db"));
        case "--redis" -> redis = Optional.of(rest.value("a URI: --redis redis://localhost:6379"));
        case "--preload-year" -> historyPoints = DemoHistory.YEAR;
        default -> throw rest.unknown("the console");
      }
    }

    ConsoleOptions options() {
      if (!bind.isLoopbackAddress() && keys.isEmpty()) {
        throw new UsageException(
            "--bind was '%s' but beyond this machine the console needs a login: add --keys FILE"
                .formatted(bind.getHostAddress()));
      }
      return new ConsoleOptions(bind, port, historyPoints, history, keys, redis);
    }
  }
}
