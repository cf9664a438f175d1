package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The client of the JDK talks to a real server. */
class JdkClientIT {
  @Test
  void textBinaryPingsAndFragmentsComeBack() throws Exception {
    try (EchoServer server = EchoServer.start(WebSocketOptions.defaults());
        HttpClient http = HttpClient.newHttpClient()) {
      Heard heard = new Heard();
      WebSocket socket = http.newWebSocketBuilder().buildAsync(server.uri(), heard).join();

      socket.sendText("grüße 👋", true).join();
      assertThat(heard.next()).isEqualTo("text grüße 👋");

      socket.sendText("one ", false).join();
      socket.sendPing(ByteBuffer.wrap(new byte[] {7})).join();
      socket.sendText("message", true).join();
      assertThat(heard.next()).isEqualTo("pong of 1 bytes");
      assertThat(heard.next()).isEqualTo("text one message");

      socket.sendBinary(ByteBuffer.allocate(60 * 1024), true).join();
      assertThat(heard.next()).isEqualTo("binary of 61440 bytes");

      socket.sendClose(4001, "bye").join();
      assertThat(heard.next()).isEqualTo("close 4001");
    }
  }

  @Test
  void theServerClosesWithItsCodeAndReason() throws Exception {
    try (EchoServer server =
            EchoServer.start(
                WebSocketOptions.defaults(),
                connection -> {
                  connection.send(OutgoingMessage.text("welcome"));
                  connection.close(CloseCode.GOING_AWAY, "restart");
                  return new Echo(connection);
                });
        HttpClient http = HttpClient.newHttpClient()) {
      Heard heard = new Heard();
      WebSocket socket = http.newWebSocketBuilder().buildAsync(server.uri(), heard).join();

      assertThat(heard.next()).isEqualTo("text welcome");
      assertThat(heard.next()).isEqualTo("close 1001 restart");
      assertThat(socket.isInputClosed()).isTrue();
    }
  }

  @Test
  void aSubprotocolThatBothSpeakIsChosen() {
    WebSocketOptions options =
        WebSocketOptions.builder().subprotocols(List.of("v1.kit", "v2.kit")).build();
    try (EchoServer server = EchoServer.start(options);
        HttpClient http = HttpClient.newHttpClient()) {
      WebSocket socket =
          http.newWebSocketBuilder()
              .subprotocols("v3.kit", "v2.kit", "v1.kit")
              .buildAsync(server.uri(), new Heard())
              .join();

      assertThat(socket.getSubprotocol()).isEqualTo("v2.kit");
      socket.abort();
    }
  }

  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private int binary;

    String next() throws InterruptedException {
      return String.valueOf(events.poll(30, TimeUnit.SECONDS));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        events.add("text " + text);
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      binary += data.remaining();
      if (last) {
        events.add("binary of " + binary + " bytes");
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
      events.add("pong of " + payload.remaining() + " bytes");
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      events.add(("close " + code + " " + reason).strip());
      return CompletableFuture.completedFuture(null);
    }
  }
}
