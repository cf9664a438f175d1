package io.platformkit.realtime.websocket;

import static io.platformkit.realtime.websocket.Wire.FIN;
import static io.platformkit.realtime.websocket.Wire.RSV1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.platformkit.realtime.websocket.RawClient.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients on real sockets that break the rules, or leave in the middle of something. */
class HostileClientIT {
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final int MEGABYTE = 1 << 20;

  /** More than the buffers of two sockets. */
  private static final int FLOOD_MEGABYTES = 32;

  private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
  private EchoServer server = serve(WebSocketOptions.defaults());

  private EchoServer serve(WebSocketOptions options) {
    return EchoServer.start(options, connection -> new Watched(connection, closes));
  }

  private void serveAnew(WebSocketOptions options) {
    server.close();
    server = serve(options);
  }

  @AfterEach
  void nobodyElseIsHarmed() throws Exception {
    try (RawClient polite = RawClient.upgraded(server.port())) {
      polite.send(Wire.text("hello"));
      assertThat(polite.read().text()).isEqualTo("hello");
    }
    server.close();
  }

  private void assertClosed(RawClient client, int code) throws Exception {
    Frame close = client.read();
    assertThat(close.opcode()).isEqualTo(0x8);
    assertThat(close.closeCode()).isEqualTo(code);
    assertThat(client.isAtEnd()).isTrue();
    assertThat(closes.poll(30, TimeUnit.SECONDS)).startsWith(code + " ");
  }

  @Test
  void anUnmaskedFrameEndsWith1002() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(new byte[] {(byte) 0x81, 1, 'a'});

      assertClosed(client, 1002);
    }
  }

  @Test
  void aLengthOf2To62EndsWith1009() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.head64(FIN | 2, 1L << 62));

      assertClosed(client, 1009);
    }
  }

  @Test
  void theCodeArrivesAlthoughTheClientGoesOnSending() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.head64(FIN | 2, MEGABYTE));
      client.send(new byte[MEGABYTE]);

      assertClosed(client, 1009);
    }
  }

  @Test
  void neverEndingFragmentsEndWith1008() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.frame(1, new byte[0]));
      for (int i = 0; i < 1024; i++) {
        client.send(Wire.frame(0, new byte[0]));
      }

      assertClosed(client, 1008);
    }
  }

  @Test
  void neverEndingFragmentsWithContentEndWith1009() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.frame(2, new byte[1000]));
      for (int i = 0; i < 61; i++) {
        client.send(Wire.frame(0, new byte[1000]));
      }

      assertClosed(client, 1009);
    }
  }

  @Test
  void aBombEndsWith1009() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port(), DEFLATE)) {
      client.send(Wire.frame(FIN | RSV1 | 2, Wire.deflated(new byte[10 * MEGABYTE])));

      assertClosed(client, 1009);
    }
  }

  @Test
  void halfAFrameAndThenTheEndIsACut() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.head16(FIN | 2, 1000), new byte[3]);
      client.endOutput();

      assertThat(client.isAtEnd()).isTrue();
      assertThat(closes.poll(30, TimeUnit.SECONDS)).isEqualTo("1006 ");
    }
  }

  @Test
  void aClientThatIsGoneInTheMiddleOfACompressedMessageIsACut() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port(), DEFLATE)) {
      client.send(Wire.frame(RSV1 | 1, Wire.deflated(new byte[100])));
    }

    assertThat(closes.poll(30, TimeUnit.SECONDS)).isEqualTo("1006 ");
  }

  @Test
  void aClientThatNeverEndsItsHalfIsCutWhenTheTimeIsUp() throws Exception {
    serveAnew(WebSocketOptions.builder().closeTimeout(Duration.ofMillis(100)).build());
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.close(1000, ""));
      assertClosed(client, 1000);

      assertThat(isCutWhileSendingTo(client)).isTrue();
    }
  }

  private static boolean isCutWhileSendingTo(RawClient client) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < deadline) {
      try {
        client.send(new byte[100]);
      } catch (IOException e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aClientThatReadsNothingIsCutBehindOurClose() throws Exception {
    serveAnew(WebSocketOptions.builder().closeTimeout(Duration.ofMillis(100)).build());
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.text("flood"));

      assertThat(closes.poll(30, TimeUnit.SECONDS)).isEqualTo("4008 slow");
    }
  }

  @Test
  void bothMayCloseAtOnce() throws Exception {
    try (RawClient client = RawClient.upgraded(server.port())) {
      client.send(Wire.text("close"), Wire.close(4002, "mine"));

      assertClosed(client, 4001);
    }
  }

  /** Echoes, closes when it is told to, and says how it ended. */
  private static final class Watched extends Echo {
    private final WebSocketConnection connection;
    private final BlockingQueue<String> closes;

    Watched(WebSocketConnection connection, BlockingQueue<String> closes) {
      super(connection);
      this.connection = connection;
      this.closes = closes;
    }

    @Override
    public void onText(ByteBuf utf8) {
      String text = utf8.toString(StandardCharsets.UTF_8);
      if (text.equals("close")) {
        connection.close(4001, "yours");
      } else if (text.equals("flood")) {
        OutgoingMessage large = OutgoingMessage.binary(new byte[MEGABYTE]);
        for (int i = 0; i < FLOOD_MEGABYTES; i++) {
          connection.write(large);
        }
        connection.close(4008, "slow");
      } else {
        super.onText(utf8);
      }
    }

    @Override
    public void onClose(int code, String reason) {
      closes.add(code + " " + reason);
    }
  }
}
