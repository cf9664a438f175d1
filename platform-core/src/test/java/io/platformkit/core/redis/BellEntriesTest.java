package io.platformkit.core.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BellEntriesTest {
  private final BellEntries bell = new BellEntries();

  @BeforeEach
  void followTheStream() {
    assertThat(bell.after("s", at(1))).isEmpty();
  }

  /** Entries have their offset's tenfold as mark. */
  private static Position at(long offset) {
    return new Position("e", offset, offset * 10);
  }

  private String ring(String stream, Position before, Position at, String data) {
    String text =
        "%s\0%s %d-%d %d-%d 1234\0%s"
            .formatted(
                stream, at.epoch(), before.offset(), before.mark(), at.offset(), at.mark(), data);
    return bell.hear(text.getBytes(UTF_8));
  }

  private void ring(long offset) {
    ring("s", at(offset - 1), at(offset), "data " + offset);
  }

  private List<Long> offsetsAfter(Position position) {
    Read read = bell.after("s", position).orElse(new Read.Entries(List.of(), position));
    return ((Read.Entries) read).entries().stream().map(entry -> entry.at().offset()).toList();
  }

  @Test
  void anEntryIsReadAfterTheOneBeforeIt() {
    assertThat(ring("s", at(1), at(2), "a\0b\u00e9")).isEqualTo("s");

    Read.Entries read = (Read.Entries) bell.after("s", at(1)).orElseThrow();
    assertThat(read.head()).isEqualTo(at(2));
    assertThat(read.entries()).hasSize(1);
    Entry entry = read.entries().getFirst();
    assertThat(entry.at()).isEqualTo(at(2));
    assertThat(entry.previous()).isEqualTo(1);
    assertThat(entry.time()).isEqualTo(Instant.ofEpochMilli(1234));
    assertThat(entry.data()).isEqualTo("a\0b\u00e9".getBytes(UTF_8));
  }

  @Test
  void allSinceThePositionComeInOrder() {
    ring(2);
    ring(3);
    ring(4);

    assertThat(offsetsAfter(at(1))).containsExactly(2L, 3L, 4L);
    assertThat(offsetsAfter(at(3))).containsExactly(4L);
    assertThat(offsetsAfter(at(4))).isEmpty();
  }

  @Test
  void whoHasNotTheEntryBeforeIsLeftToTheServer() {
    ring(3);

    assertThat(bell.after("s", at(1))).isEmpty();
    assertThat(bell.after("s", new Position("e", 2, 21))).isEmpty();
    assertThat(offsetsAfter(at(2))).containsExactly(3L);
  }

  @Test
  void anEntryThatWasNotHeardBreaksTheRow() {
    ring(2);
    ring(4);

    assertThat(bell.after("s", at(1))).isEmpty();
    assertThat(offsetsAfter(at(3))).containsExactly(4L);
  }

  @Test
  void oldEntriesAreForgotten() {
    for (int offset = 2; offset <= 20; offset++) {
      ring(offset);
    }

    assertThat(bell.after("s", at(1))).isEmpty();
    assertThat(offsetsAfter(at(12))).containsExactly(13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
  }

  @Test
  void eachReaderGetsBytesOfItsOwn() {
    ring(2);
    ((Read.Entries) bell.after("s", at(1)).orElseThrow()).entries().getFirst().data()[0] = 'X';

    assertThat(((Read.Entries) bell.after("s", at(1)).orElseThrow()).entries().getFirst().data())
        .isEqualTo("data 2".getBytes(UTF_8));
  }

  @Test
  void aBareNameBringsNothing() {
    ring(2);

    assertThat(bell.hear("s".getBytes(UTF_8))).isEqualTo("s");
    assertThat(offsetsAfter(at(1))).containsExactly(2L);
  }

  @Test
  void streamsThatNobodyFollowsAreNotKept() {
    ring("t", at(1), at(2), "data");

    assertThat(bell.after("t", at(1))).isEmpty();
  }
}
