package io.platformkit.realtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import org.json.simple.parser.JSONParser;
import org.junit.jupiter.api.Test;
import org.python.util.PythonInterpreter;

/**
 * The fuzzing client of the Autobahn test suite, on Jython: cases 1 to 7 and 10, and all 301 with
 * {@code -Pconformance}.
 */
class AutobahnIT {
  private static final boolean ALL = "full".equals(System.getProperty("platform.conformance"));
  private static final String AGENT = "kit";
  private static final Path REPORTS = Path.of("target", "autobahntestsuite-reports");
  private static final int LARGEST_CASE = 1 << 24;
  private static final int RFC_6455 = 18;

  /**
   * What the suite says of a case, and of its close; not FAILED, NON-STRICT, WRONG CODE, UNCLEAN.
   */
  private static final Set<String> RIGHT = Set.of("OK", "INFORMATIONAL");

  /** A line of the suite's index. */
  record Case(String behavior, String behaviorClose) {
    boolean isRight() {
      return RIGHT.contains(behavior) && RIGHT.contains(behaviorClose);
    }
  }

  /** The suite's index: the cases of each agent that it looked at. */
  record Index(Map<String, Case> kit) {}

  @Test
  void everyCaseIsStrictlyRightAndClosesRightly() throws Exception {
    WebSocketOptions options =
        WebSocketOptions.builder()
            .maxMessageBytes(LARGEST_CASE)
            .maxFragments(Integer.MAX_VALUE)
            .build();
    try (EchoServer server = EchoServer.start(options)) {
      run("ws://127.0.0.1:" + server.port(), ALL ? List.of() : List.of("9.*"));
    }

    byte[] index = Files.readAllBytes(REPORTS.resolve("index.json"));
    Map<String, Case> cases = Json.standard().decode(index, Index.class).kit();
    assertThat(cases).hasSize(ALL ? 301 : 247);
    assertThat(cases.entrySet()).filteredOn(each -> !each.getValue().isRight()).isEmpty();
  }

  /**
   * Alone, because Jython takes the Java package {@code io} for Python's module; and without the
   * line that the suite prints for each case.
   */
  private static void run(String url, List<String> excluded) throws Exception {
    Files.deleteIfExists(REPORTS.resolve("index.json"));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    PrintStream out = System.out;
    URL[] jars = {
      jarOf(AutobahnTestSuite.class), jarOf(PythonInterpreter.class), jarOf(JSONParser.class)
    };
    try (URLClassLoader alone = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(alone);
      System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
      alone
          .loadClass(AutobahnTestSuite.class.getName())
          .getMethod(
              "runFuzzingClient", String.class, String.class, Map.class, List.class, List.class)
          .invoke(null, AGENT, url, Map.of("version", RFC_6455), List.of("*"), excluded);
    } finally {
      System.setOut(out);
      thread.setContextClassLoader(before);
    }
  }

  private static URL jarOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
