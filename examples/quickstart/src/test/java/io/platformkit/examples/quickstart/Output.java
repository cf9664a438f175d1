package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What a main prints. */
final class Output {
  private Output() {}

  /** A main of an example. */
  interface Main {
    void run(String... args) throws Exception;
  }

  /** Runs it and gives its lines; standard output is one a JVM, so not for tests side by side. */
  static List<String> of(Main main) throws Exception {
    PrintStream before = System.out;
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, UTF_8)) {
      System.setOut(out);
      main.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(UTF_8).lines().toList();
  }
}
