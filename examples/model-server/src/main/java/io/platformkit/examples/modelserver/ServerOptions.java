package io.platformkit.examples.modelserver;

import io.platformkit.examples.commandline.Arguments;
import io.platformkit.examples.commandline.UsageException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param folder the models, the registry and the artifacts; made if it is not there
 * @param bind the address to listen on
 * @param port to listen on, 0 for a free one
 * @param keys the file of the API keys that callers need; empty: nobody needs one
 */
record ServerOptions(Path folder, InetAddress bind, int port, Optional<Path> keys) {
  static final int DEFAULT_PORT = 8081;
  static final String DEFAULT_FOLDER = "model-server-data";

  static final String USAGE =
      """
      Usage: ./model-server [--folder FOLDER] [--port N] [--bind ADDRESS] [--keys FILE] [--help]

        --folder FOLDER  serve the models of this folder; one that is not there is made, with
                         three models (default model-server-data)
        --port N         listen on port N; 0 takes a free port (default 8081)
        --bind ADDRESS   listen on this address (default 127.0.0.1); any other than this
                         machine's own needs --keys
        --keys FILE      answer whoever has an API key of this file; a file that is not there
                         is made, with one key that is shown once
        --help           print this and exit

      Environment: JAVA_OPTS holds options for the JVM, such as -Xmx2g.
      """;

  /** Reads a command line; each fault says what to do instead. */
  static ServerOptions parse(String... args) {
    Parser parser = new Parser();
    for (Arguments rest = new Arguments(args); rest.hasNext(); ) {
      parser.take(rest);
    }
    return parser.options();
  }

  /** Takes one flag after the other. */
  private static final class Parser {
    private Path folder = Path.of(DEFAULT_FOLDER).toAbsolutePath();
    private InetAddress bind = InetAddress.getLoopbackAddress();
    private int port = DEFAULT_PORT;
    private Optional<Path> keys = Optional.empty();

    void take(Arguments rest) {
      switch (rest.next()) {
        case "--folder" -> folder = rest.folder("--folder models");
        case "--port" -> port = rest.port("--port 8082");
        case "--bind" -> bind = rest.address("--bind 0.0.0.0");
        case "--keys" -> keys = Optional.of(rest.file("--keys keys.json"));
        default -> throw rest.unknown("the model server");
      }
    }

    ServerOptions options() {
      if (!bind.isLoopbackAddress() && keys.isEmpty()) {
        throw new UsageException(
            "--bind was '%s' but beyond this machine callers need keys: add --keys FILE"
                .formatted(bind.getHostAddress()));
      }
      return new ServerOptions(folder, bind, port, keys);
    }
  }
}
