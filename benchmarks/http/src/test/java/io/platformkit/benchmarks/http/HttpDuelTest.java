package io.platformkit.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HttpDuelTest {
  @Test
  void bothSidesAnswerTheSame() throws Exception {
    try (HostProcess host = HostProcess.start()) {
      Client client = new Client(host.port(), new SplittableRandom(7));
      assertThatCode(client::requireSame).doesNotThrowAnyException();
    }
  }
}
