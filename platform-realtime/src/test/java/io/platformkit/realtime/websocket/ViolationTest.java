package io.platformkit.realtime.websocket;

import static io.platformkit.realtime.websocket.Wire.FIN;
import static io.platformkit.realtime.websocket.Wire.RSV1;
import static io.platformkit.realtime.websocket.Wire.frame;
import static io.platformkit.realtime.websocket.Wire.head16;
import static io.platformkit.realtime.websocket.Wire.head64;
import static io.platformkit.realtime.websocket.Wire.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of RFC 6455 and RFC 7692 that a client can break, and how the connection then ends. */
class ViolationTest {
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final byte[] A = {'a'};
  private static final byte[] NOTHING = {};

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        arguments("1002 frame was not masked", hex("8101")),
        arguments("1002 reserved bits were set", hex("a1")),
        arguments("1002 reserved bits were set", hex("91")),
        arguments("1002 RSV1 was set where it has no meaning", hex("c1")),
        arguments("1002 opcode 3 is reserved", hex("83")),
        arguments("1002 opcode 7 is reserved", hex("87")),
        arguments("1002 opcode 11 is reserved", hex("8b")),
        arguments("1002 opcode 15 is reserved", hex("8f")),
        arguments("1002 control frame was fragmented", hex("09")),
        arguments("1002 control frame had more than 125 bytes", hex("89fe")),
        arguments("1002 control frame had more than 125 bytes", hex("88ff")),
        arguments("1002 length was not encoded in the fewest bytes", head16(FIN | 1, 125)),
        arguments("1002 length was not encoded in the fewest bytes", head64(FIN | 1, 65_535)),
        arguments("1002 length had its highest bit set", head64(FIN | 1, Long.MIN_VALUE)),
        arguments("1002 continuation of no message", frame(FIN, A)),
        arguments("1002 message began within another", join(frame(1, A), frame(FIN | 1, A))),
        arguments("1002 Close had one byte", frame(FIN | 8, A)),
        arguments("1002 close code 1005 must not be sent", Wire.close(1005, "")),
        arguments("1002 close code 999 must not be sent", Wire.close(999, "")),
        arguments("1002 close code 5000 must not be sent", Wire.close(5000, "")),
        arguments("1007 reason of Close was not UTF-8", frame(FIN | 8, hex("03e8ff"))),
        arguments("1007 text was not UTF-8", frame(FIN | 1, hex("c080"))),
        arguments("1007 text was not UTF-8", frame(FIN | 1, hex("c3"))),
        arguments("1007 text was not UTF-8", join(frame(1, hex("c3")), frame(0, hex("41")))),
        arguments("1007 text was not UTF-8", join(head16(FIN | 1, 199), Wire.masked(hex("ff")))),
        arguments("1008 message had more than 3 fragments", join(fragments(4))),
        arguments("1009 message had more than 200 bytes", head16(FIN | 1, 201)),
        arguments("1009 message had more than 200 bytes", head64(FIN | 2, Long.MAX_VALUE)),
        arguments(
            "1009 message had more than 200 bytes", join(frame(2, new byte[150]), head16(0, 126))));
  }

  static Stream<Arguments> violationsOfDeflate() {
    byte[] whole = Wire.deflated("a message that was deflated".getBytes(StandardCharsets.UTF_8));
    return Stream.of(
        arguments("1002 RSV1 was set where it has no meaning", hex("c9")),
        arguments("1002 RSV1 was set where it has no meaning", join(frame(1, A), hex("c0"))),
        arguments(
            "1007 compressed data was damaged, or referred to an earlier message",
            compressed(hex("ff"))),
        arguments(
            "1007 compressed data was damaged, or referred to an earlier message",
            compressed(Arrays.copyOf(whole, 9))),
        arguments("1007 text was not UTF-8", compressed(Wire.deflated(hex("41ff")))),
        arguments("1007 text was not UTF-8", compressed(Wire.deflated(hex("41c3")))),
        arguments("1009 message had more than 200 bytes", compressed(Wire.deflated(new byte[201]))),
        arguments(
            "1009 message had more than 200 bytes", compressed(Wire.deflated(new byte[9_999_999]))),
        arguments("1009 message had more than 200 bytes", head16(FIN | RSV1 | 2, 1000)));
  }

  private static byte[] compressed(byte[] payload) {
    return frame(FIN | RSV1 | 1, payload);
  }

  private static byte[][] fragments(int count) {
    byte[][] frames = new byte[count][];
    Arrays.fill(frames, frame(0, NOTHING));
    frames[0] = frame(1, NOTHING);
    return frames;
  }

  @ParameterizedTest
  @MethodSource("violations")
  void theConnectionEndsWithTheRightCode(String close, byte[] bytes) {
    end(close, bytes);
  }

  @ParameterizedTest
  @MethodSource("violationsOfDeflate")
  void theConnectionEndsWithTheRightCodeWhereCompressionWasAgreedOn(String close, byte[] bytes) {
    end(close, bytes, DEFLATE);
  }

  private static void end(String close, byte[] bytes, String... headers) {
    WebSocketOptions options =
        WebSocketOptions.builder().maxMessageBytes(200).maxFragments(3).build();
    try (Served served = Served.with(options, headers)) {
      served.receive(Wire.text("before"));
      for (byte each : bytes) {
        served.receive(new byte[] {each});
      }
      served.receive(Wire.text("after"));

      assertThat(served.nextFrame()).isEqualTo("close " + close);
      assertThat(served.nextFrame()).isEqualTo("nothing");
      assertThat(served.heard()).containsExactly("text before", "close " + close);
      assertThat(served.channel().isActive()).isFalse();
      assertThat(served.allocated()).isZero();
    }
  }
}
