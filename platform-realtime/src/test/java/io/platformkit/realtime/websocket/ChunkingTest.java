package io.platformkit.realtime.websocket;

import static io.platformkit.realtime.websocket.Wire.FIN;
import static io.platformkit.realtime.websocket.Wire.RSV1;
import static io.platformkit.realtime.websocket.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** However the network cuts a session, its listener hears the same. */
class ChunkingTest {
  private static final long SEED = 20_261_121;
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final WebSocketOptions OPTIONS =
      WebSocketOptions.builder().maxMessageBytes(100_000).build();

  private final RandomGenerator random = new SplittableRandom(SEED);
  private final List<String> expected = new ArrayList<>();
  private final List<byte[]> frames = new ArrayList<>();

  @Test
  void randomSessionsAreHeardTheSameInAllChunkings() {
    for (int i = 0; i < 300; i++) {
      expected.clear();
      frames.clear();
      addSession();
      byte[] bytes = Wire.join(frames.toArray(byte[][]::new));

      for (int largest : new int[] {1, 7, 200, bytes.length}) {
        assertThat(heardInChunksUpTo(largest, bytes))
            .as("session %d of seed %d in chunks up to %d", i, SEED, largest)
            .isEqualTo(expected);
      }
    }
  }

  private List<String> heardInChunksUpTo(int largest, byte[] bytes) {
    try (Served served = Served.with(OPTIONS, DEFLATE)) {
      for (int at = 0; at < bytes.length; ) {
        int end = Math.min(bytes.length, at + random.nextInt(largest) + 1);
        served.receive(Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      assertThat(served.allocated()).isZero();
      return served.heard();
    }
  }

  private void addSession() {
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      String text = text();
      byte[] payload = text.getBytes(StandardCharsets.UTF_8);
      boolean compressed = random.nextBoolean();
      addMessage(compressed ? RSV1 | 0x1 : 0x1, compressed ? Wire.deflated(payload) : payload);
      expected.add("text " + text);
    }
    frames.add(Wire.close(4000, "end"));
    expected.add("close 4000 end");
  }

  private void addMessage(int first, byte[] payload) {
    int opcode = first;
    int at = 0;
    while (random.nextInt(3) == 0) {
      int end = random.nextInt(at, payload.length + 1);
      frames.add(frame(opcode, Arrays.copyOfRange(payload, at, end)));
      opcode = 0;
      at = end;
      addControl();
    }
    frames.add(frame(FIN | opcode, Arrays.copyOfRange(payload, at, payload.length)));
  }

  private void addControl() {
    String text = "p".repeat(random.nextInt(126));
    frames.add(frame(FIN | 0xA, text.getBytes(StandardCharsets.UTF_8)));
    expected.add("pong " + text);
  }

  private String text() {
    int length = 1 << random.nextInt(12);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(length); i > 0; i--) {
      text.appendCodePoint(random.nextInt(8) == 0 ? 0x1F600 + random.nextInt(64) : 'a' + i % 26);
    }
    return text.toString();
  }
}
