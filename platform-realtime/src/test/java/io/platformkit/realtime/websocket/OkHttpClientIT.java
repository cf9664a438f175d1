package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** OkHttp's client, which compresses as it is told to, talks to a real server. */
class OkHttpClientIT {
  private static final int MAX = 60 * 1024;

  @Test
  void compressedMessagesOfAllSizesComeBackAndTheCloseIsAnswered() throws Exception {
    OkHttpClient client = new OkHttpClient();
    Heard heard = new Heard();
    try (EchoServer server = EchoServer.start(WebSocketOptions.defaults())) {
      Request request = new Request.Builder().url("http://127.0.0.1:" + server.port()).build();
      WebSocket socket = client.newWebSocket(request, heard);

      assertThat(heard.next())
          .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
      for (int size = 1; size <= MAX; size += size / 2 + 1) {
        String text = "abcdefghij".repeat(size / 10 + 1).substring(0, size);
        socket.send(text);
        socket.send(ByteString.encodeUtf8(text));

        assertThat(heard.next()).isEqualTo(text);
        assertThat(heard.next()).isEqualTo(text);
      }
      socket.close(4001, "bye");
      assertThat(heard.next()).isEqualTo("closed 4001");
    } finally {
      client.dispatcher().executorService().shutdown();
    }
  }

  private static final class Heard extends WebSocketListener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      return String.valueOf(events.poll(30, TimeUnit.SECONDS));
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      events.add(String.valueOf(response.header("Sec-WebSocket-Extensions")));
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      events.add(text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
      events.add(bytes.utf8());
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      events.add("closed " + code);
    }
  }
}
