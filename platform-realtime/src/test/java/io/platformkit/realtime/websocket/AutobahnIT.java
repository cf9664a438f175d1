package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import me.normanmaurer.maven.autobahntestsuite.FuzzingCaseResult;
import org.junit.jupiter.api.Test;

/**
 * The fuzzing client of the Autobahn test suite, on Jython: cases 1 to 7 and 10, and all 301 with
 * {@code -Pconformance}. Its reports are in {@code target/autobahntestsuite-reports}.
 */
class AutobahnIT {
  private static final boolean ALL = "full".equals(System.getProperty("platform.conformance"));

  /**
   * What the suite says of a case, and of its close; not FAILED, NON_STRICT, WRONG_CODE, UNCLEAN.
   */
  private static final Set<String> RIGHT = Set.of("OK", "INFORMATIONAL");

  private static final int LARGEST_CASE = 1 << 24;
  private static final int HYBI_13 = 18;

  @Test
  void everyCaseIsStrictlyRightAndClosesRightly() {
    WebSocketOptions options =
        WebSocketOptions.builder()
            .maxMessageBytes(LARGEST_CASE)
            .maxFragments(Integer.MAX_VALUE)
            .build();
    try (EchoServer server = EchoServer.start(options)) {
      List<FuzzingCaseResult> results =
          AutobahnTestSuite.runFuzzingClient(
              "platform-realtime",
              "ws://127.0.0.1:" + server.port(),
              Map.of("version", HYBI_13),
              List.of("*"),
              ALL ? List.of() : List.of("9.*"));

      assertThat(results).hasSize(ALL ? 301 : 247);
      assertThat(results).filteredOn(each -> !isRight(each)).isEmpty();
    }
  }

  private static boolean isRight(FuzzingCaseResult result) {
    return RIGHT.contains(String.valueOf(result.behavior()))
        && RIGHT.contains(String.valueOf(result.behaviorClose()));
  }
}
