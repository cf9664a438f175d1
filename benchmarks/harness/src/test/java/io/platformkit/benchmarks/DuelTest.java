package io.platformkit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.core.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuelTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long now;

  private Duel duel(String... args) {
    return Duel.of("demo", stream(out), stream(err), () -> now, args);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Duel.Side taking(long nanos) {
    return () -> {
      now += nanos;
      return 1;
    };
  }

  @Test
  void aRatioAboveOneMeansThatWeAreFaster() {
    Comparison row =
        duel().time("ns per point", 10, 0.001, taking(1000), "textbook", Kind.PEER, taking(3000));

    assertThat(row.ours()).isEqualTo(100);
    assertThat(row.peer()).isEqualTo(300);
    assertThat(row.ratio()).isEqualTo(3);
    assertThat(text(out)).contains("ns per point", "textbook", "3.00");
  }

  @Test
  void jsonLinesAreAloneOnStandardOutput() {
    Duel duel = duel("--json", "--quick");
    duel.title("a demonstration");
    duel.time("ns", 1, 0.001, taking(500), "floor", Kind.LIMIT, taking(400));

    assertThat(Json.standard().decodeObject(text(out).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            Map.of(
                "duel", "demo",
                "metric", "ns",
                "ours", 500.0,
                "peer", 400.0,
                "peerName", "floor",
                "kind", "limit",
                "ratio", 0.8));
    assertThat(text(err)).contains("a demonstration", "floor", "0.80");
  }

  @Test
  void anUnknownOptionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> duel("--fast"))
        .withMessage("option was '--fast' but must be --quick, --json or --only=TEXT");
  }

  @Test
  void onlyWhatBeginsWithTheTextIsWanted() {
    Duel duel = duel("--only=Redis: get");

    assertThat(duel.wants("Redis")).isTrue();
    assertThat(duel.wants("Redis: get, 16 callers")).isTrue();
    assertThat(duel.wants("Redis: put")).isFalse();
    assertThat(duel.wants("SQLite")).isFalse();
    assertThat(duel().wants("SQLite")).isTrue();
  }
}
