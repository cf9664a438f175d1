package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.server.Cursors.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorsTest {
  private static final Position FARTHEST =
      new Position("e".repeat(Position.MAX_EPOCH), Long.MAX_VALUE, Long.MAX_VALUE);
  private static final Optional<String> ANN = Optional.of("ann");

  private static Cursors cursors(int key, int maxLength) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) key;
    return new Cursors(bytes, maxLength);
  }

  @Test
  void whatWasWrittenIsRead() {
    Cursors cursors = cursors(1, 1000);
    Map<String, Position> positions = new LinkedHashMap<>();
    positions.put("news/ä", new Position("abc_12", 7, 0x5f));
    positions.put("news/b", Position.OLDEST);
    Cursor cursor = new Cursor(positions, true);

    assertThat(cursors.read(cursors.write(cursor, ANN), ANN)).isEqualTo(new Reading.Right(cursor));
  }

  @Test
  void itIsOfItsUserAndOfItsKeyAlone() {
    String written = cursors(1, 1000).write(new Cursor(Map.of("a", FARTHEST), false), ANN);

    assertThat(cursors(1, 1000).read(written, Optional.of("ben")))
        .isInstanceOf(Reading.Forged.class);
    assertThat(cursors(1, 1000).read(written, Optional.empty())).isInstanceOf(Reading.Forged.class);
    assertThat(cursors(2, 1000).read(written, ANN)).isInstanceOf(Reading.Unknown.class);
    assertThat(cursors(1, 1000).read("*", ANN)).isInstanceOf(Reading.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "a/topic/of/some/length", "ä"})
  void topicsThatFitAreNeverTooLongAndOneMoreMayBe(String name) {
    Cursors cursors = cursors(1, 4000);
    List<String> topics = new ArrayList<>();
    while (cursors.fits(topics)) {
      topics.add(name.repeat(topics.size() % 5 + 1) + topics.size());
    }

    assertThat(written(cursors, topics)).hasSizeGreaterThan(4000);
    topics.removeLast();
    assertThat(written(cursors, topics)).hasSizeLessThanOrEqualTo(4000);
    assertThat(topics).hasSizeGreaterThan(15);
  }

  private static String written(Cursors cursors, List<String> topics) {
    Map<String, Position> positions = new LinkedHashMap<>();
    topics.forEach(topic -> positions.put(topic, FARTHEST));
    return cursors.write(new Cursor(positions, false), ANN);
  }
}
