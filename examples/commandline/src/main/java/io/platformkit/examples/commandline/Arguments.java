package io.platformkit.examples.commandline;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

/**
 * A command line, read from left to right: a flag, then its value if it takes one. Not safe for
 * concurrent use.
 *
 * <pre>{@code
 * Arguments rest = new Arguments(args);
 * while (rest.hasNext()) {
 *   switch (rest.next()) {
 *     case "--port" -> port = rest.port("--port 8081");
 *     default -> throw rest.unknown("the console");
 *   }
 * }
 * }</pre>
 */
public final class Arguments {
  private static final String ADDRESS = "an address of this machine";

  private final Iterator<String> rest;
  private String flag = "";

  /** As main got them. */
  public Arguments(String... args) {
    rest = Arrays.asList(args).iterator();
  }

  /** Whether there is a flag more. */
  public boolean hasNext() {
    return rest.hasNext();
  }

  /** The next flag. */
  public String next() {
    flag = rest.next();
    return flag;
  }

  /** The flag is none of the program's. */
  public UsageException unknown(String program) {
    return new UsageException("'%s' is not an option of %s; see --help".formatted(flag, program));
  }

  /**
   * The value of the flag.
   *
   * @param what it must be, with an example
   * @throws UsageException if there is none
   */
  public String value(String what) {
    if (!rest.hasNext()) {
      throw new UsageException("%s needs %s".formatted(flag, what));
    }
    return rest.next();
  }

  /**
   * The value of the flag, a port; 0 is one.
   *
   * @throws UsageException if it is none
   */
  public int port(String example) {
    String text = value("a number: " + example);
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65_535) {
      throw wrong(text, "a whole number from 0 to 65535");
    }
    return port;
  }

  /**
   * The value of the flag, an address to listen on.
   *
   * @throws UsageException if it is none
   */
  public InetAddress address(String example) {
    String text = value("an address: " + example);
    try {
      if (!text.isBlank()) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException e) {
      throw new UsageException(fault(text, ADDRESS), e);
    }
    throw wrong(text, ADDRESS);
  }

  /**
   * The value of the flag, a file that need not be there.
   *
   * @throws UsageException if it is a folder, or in none
   */
  public Path file(String example) {
    String text = value("a file: " + example);
    Path file = Path.of(text).toAbsolutePath();
    Path folder = file.getParent();
    if (text.isBlank() || Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw wrong(text, "a file in a folder that exists");
    }
    return file;
  }

  /**
   * The value of the flag, a folder that need not be there.
   *
   * @throws UsageException if it is a file
   */
  public Path folder(String example) {
    String text = value("a folder: " + example);
    Path folder = Path.of(text).toAbsolutePath();
    if (text.isBlank() || (Files.exists(folder) && !Files.isDirectory(folder))) {
      throw wrong(text, "a folder, or one that can be made");
    }
    return folder;
  }

  private UsageException wrong(String value, String rule) {
    return new UsageException(fault(value, rule));
  }

  private String fault(String value, String rule) {
    return "%s was '%s' but it must be %s".formatted(flag, value, rule);
  }
}
