package io.platformkit.core.bucketing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of the guide, and one number for many more, which never change. */
class GuideVectorsTest {
  private static final Path GUIDE = Path.of("..", "docs", "bucketing.md");

  private record Vector(String salt, String id, String hash, int bucket, int ofMillion) {
    static Vector of(String row) {
      String[] cells = row.substring(1, row.length() - 1).split("\\|", -1);
      return new Vector(
          text(cells[0]),
          text(cells[1]),
          text(cells[2]),
          Integer.parseInt(cells[3].strip()),
          Integer.parseInt(cells[4].strip()));
    }

    private static String text(String cell) {
      String shown = cell.strip();
      return shown.equals("(empty)") ? "" : shown.substring(1, shown.length() - 1);
    }
  }

  private static List<Vector> vectors() throws IOException {
    return Files.readAllLines(GUIDE).stream()
        .dropWhile(line -> !line.startsWith("| salt |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(Vector::of)
        .toList();
  }

  @Test
  void theVectorsOfTheGuideAreTrue() throws IOException {
    assertThat(vectors())
        .hasSize(12)
        .allSatisfy(vector -> {
          StickyHash hash = StickyHash.salted(vector.salt());
          assertThat(String.format("%016x", hash.hash(vector.id()))).isEqualTo(vector.hash());
          assertThat(hash.bucket(vector.id())).isEqualTo(vector.bucket());
          assertThat(hash.bucket(vector.id(), 1_000_000)).isEqualTo(vector.ofMillion());
        });
  }

  @Test
  void bucketsNeverChange() {
    assertThat(StickyHash.salted("new-checkout").hash("user-1")).isEqualTo(0x0f0859a59a86ba48L);
    assertThat(BucketDigest.of()).isEqualTo("86f82ff444050958");
  }
}
