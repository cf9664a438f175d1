package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomNumbersTest {
  @Test
  void theyArePositiveAndNoneComesTwice() {
    RandomNumbers numbers = new RandomNumbers();
    List<Long> many = LongStream.generate(numbers::next).limit(100_000).parallel().boxed().toList();
    assertThat(many).hasSize(100_000).doesNotHaveDuplicates().allMatch(number -> number > 0);
  }

  @Test
  void twoSourcesGiveDifferentOnes() {
    RandomNumbers one = new RandomNumbers();
    RandomNumbers other = new RandomNumbers();
    List<Long> both =
        LongStream.concat(
                LongStream.generate(one::next).limit(1_000),
                LongStream.generate(other::next).limit(1_000))
            .boxed()
            .toList();
    assertThat(both).doesNotHaveDuplicates();
  }
}
