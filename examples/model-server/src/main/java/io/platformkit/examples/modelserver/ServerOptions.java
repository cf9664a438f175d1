package io.platformkit.examples.modelserver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param folder the models, the registry and the artifacts; made if it is not there
 * @param bind the address to listen on
 * @param port to listen on, 0 for a free one
 * @param keys the file of the API keys that callers need; empty: nobody needs one
 * @param help whether only the usage is asked for
 */
record ServerOptions(Path folder, InetAddress bind, int port, Optional<Path> keys, boolean help) {
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
    for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext(); ) {
      parser.take(rest.next(), rest);
    }
    return parser.options();
  }

  /** Takes one flag after the other. */
  private static final class Parser {
    private Path folder = Path.of(DEFAULT_FOLDER).toAbsolutePath();
    private InetAddress bind = InetAddress.getLoopbackAddress();
    private int port = DEFAULT_PORT;
    private Optional<Path> keys = Optional.empty();
    private boolean help;

    void take(String flag, Iterator<String> rest) {
      switch (flag) {
        case "--folder" -> folder = folder(value(flag, rest, "a folder: --folder models"));
        case "--port" -> port = port(value(flag, rest, "a number: --port 8082"));
        case "--bind" -> bind = address(value(flag, rest, "an address: --bind 0.0.0.0"));
        case "--keys" -> keys = Optional.of(file(value(flag, rest, "a file: --keys keys.json")));
        case "--help", "-h" -> help = true;
        default ->
            throw new UsageException(
                "'%s' is not an option of the model server; see --help".formatted(flag));
      }
    }

    ServerOptions options() {
      if (!bind.isLoopbackAddress() && keys.isEmpty()) {
        throw new UsageException(
            "--bind was '%s' but beyond this machine callers need keys: add --keys FILE"
                .formatted(bind.getHostAddress()));
      }
      return new ServerOptions(folder, bind, port, keys, help);
    }

    private static String value(String flag, Iterator<String> rest, String what) {
      if (!rest.hasNext()) {
        throw new UsageException("%s needs %s".formatted(flag, what));
      }
      return rest.next();
    }

    private static int port(String text) {
      int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
      if (port < 0 || port > 65_535) {
        throw new UsageException(
            "--port was '%s' but it must be a whole number from 0 to 65535".formatted(text));
      }
      return port;
    }

    private static InetAddress address(String text) {
      try {
        if (!text.isBlank()) {
          return InetAddress.getByName(text);
        }
      } catch (UnknownHostException e) {
        throw new UsageException(notAnAddress(text), e);
      }
      throw new UsageException(notAnAddress(text));
    }

    private static String notAnAddress(String text) {
      return "--bind was '%s' but it must be an address of this machine".formatted(text);
    }

    private static Path folder(String text) {
      Path folder = Path.of(text).toAbsolutePath();
      if (text.isBlank() || (Files.exists(folder) && !Files.isDirectory(folder))) {
        throw new UsageException(
            "--folder was '%s' but it must be a folder, or one that can be made".formatted(text));
      }
      return folder;
    }

    private static Path file(String text) {
      Path file = Path.of(text).toAbsolutePath();
      Path folder = file.getParent();
      if (text.isBlank()
          || Files.isDirectory(file)
          || folder == null
          || !Files.isDirectory(folder)) {
        throw new UsageException(
            "--keys was '%s' but it must be a file in a folder that exists".formatted(text));
      }
      return file;
    }
  }
}
