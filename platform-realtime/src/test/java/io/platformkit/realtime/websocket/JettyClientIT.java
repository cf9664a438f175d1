package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jetty's client and its permessage-deflate (RFC 7692) talk to a real server. */
class JettyClientIT {
  private static final long SEED = 20_261_121;

  /** Jetty's client goes by what it offered, not by what was agreed on. */
  private static final String OFFER =
      "permessage-deflate; client_no_context_takeover; server_no_context_takeover";

  private static final int MAX = 60 * 1024;

  private final WebSocketClient client = new WebSocketClient();
  private final RandomGenerator random = new SplittableRandom(SEED);
  private EchoServer server = EchoServer.start(options());

  private static WebSocketOptions options() {
    return WebSocketOptions.builder().minCompressBytes(1).build();
  }

  @BeforeEach
  void startClient() throws Exception {
    client.setMaxTextMessageSize(MAX);
    client.setMaxBinaryMessageSize(MAX);
    client.start();
  }

  @AfterEach
  void stopAll() throws Exception {
    client.stop();
    server.close();
  }

  private Talk connect(String parameters) throws Exception {
    ClientUpgradeRequest request = new ClientUpgradeRequest();
    request.addExtensions(OFFER + parameters);
    Talk talk = new Talk();
    Session session = client.connect(talk, server.uri(), request).get(30, TimeUnit.SECONDS);
    assertThat(session.getUpgradeResponse().getExtensions())
        .singleElement()
        .satisfies(agreed -> assertThat(agreed.getName()).isEqualTo("permessage-deflate"));
    return talk.with(session);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "; client_max_window_bits=12",
        "; server_max_window_bits=9",
      })
  void messagesOfEverySizeComeBack(String parameters) throws Exception {
    Talk talk = connect(parameters);
    List<Integer> sizes = new ArrayList<>(List.of(0, 1, 2, 125, 126, 511, 512, 513, 65_535, MAX));
    sizes.removeIf(size -> size > MAX);
    for (int i = 0; i < 100; i++) {
      sizes.add(random.nextInt(1 << random.nextInt(1, 16)) % (MAX + 1));
    }
    for (int size : sizes) {
      String text = compressible(size);
      talk.sendText(text);
      assertThat(talk.nextText()).as("text of %d, seed %d", size, SEED).isEqualTo(text);

      byte[] noise = new byte[size];
      random.nextBytes(noise);
      talk.sendBinary(noise);
      assertThat(talk.nextBinary()).as("noise of %d, seed %d", size, SEED).isEqualTo(noise);
    }
  }

  @Test
  void fragmentsOfACompressedMessageComeBackAroundPings() throws Exception {
    Talk talk = connect("");
    for (int i = 0; i < 50; i++) {
      List<String> parts = new ArrayList<>();
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        parts.add(compressible(random.nextInt(3000)));
      }
      talk.sendFragments(parts);

      assertThat(talk.nextText()).as("seed %d", SEED).isEqualTo(String.join("", parts));
    }
  }

  @Test
  void aBroadcastReachesCompressedAndPlainClientsAlike() throws Exception {
    List<WebSocketConnection> connections = new CopyOnWriteArrayList<>();
    server.close();
    server =
        EchoServer.start(
            options(),
            connection -> {
              connections.add(connection);
              return new Echo(connection);
            });
    Talk compressed = connect("");
    Talk limited = connect("; server_max_window_bits=8");
    try (RawClient plain = RawClient.upgraded(server.port())) {
      List<OutgoingMessage> messages =
          List.of(
              OutgoingMessage.text(compressible(200)), OutgoingMessage.text(compressible(5000)));
      await().until(() -> connections.size() == 3);
      for (WebSocketConnection connection : connections) {
        connection.channel().eventLoop().submit(() -> broadcast(connection, messages)).sync();
      }

      assertThat(compressed.nextText()).hasSize(200);
      assertThat(compressed.nextText()).hasSize(5000);
      assertThat(limited.nextText()).hasSize(200);
      assertThat(limited.nextText()).hasSize(5000);
      assertThat(plain.read().payload()).hasSize(200);
      assertThat(plain.read().payload()).hasSize(5000);
    }
  }

  private static void broadcast(WebSocketConnection connection, List<OutgoingMessage> messages) {
    try (MessageBatch batch = MessageBatch.of(connection.channel().alloc(), messages)) {
      connection.write(batch);
    }
    connection.flush();
  }

  private String compressible(int size) {
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      text.append("word-").append(random.nextInt(50)).append(' ');
    }
    text.setLength(size);
    return text.toString();
  }

  /** Jetty's end of a connection. */
  public static final class Talk implements Session.Listener.AutoDemanding {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    private final CompletableFuture<Session> session = new CompletableFuture<>();

    Talk with(Session opened) {
      session.complete(opened);
      return this;
    }

    @Override
    public void onWebSocketClose(int code, String reason) {
      texts.add("close " + code + " " + reason);
    }

    @Override
    public void onWebSocketText(String message) {
      texts.add(message);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(bytes);
      binaries.add(bytes);
      callback.succeed();
    }

    String nextText() throws InterruptedException {
      return String.valueOf(texts.poll(30, TimeUnit.SECONDS));
    }

    byte[] nextBinary() throws InterruptedException {
      return Objects.requireNonNull(binaries.poll(30, TimeUnit.SECONDS));
    }

    void sendText(String text) throws Exception {
      sent(callback -> session.join().sendText(text, callback));
    }

    void sendBinary(byte[] bytes) throws Exception {
      sent(callback -> session.join().sendBinary(ByteBuffer.wrap(bytes), callback));
    }

    void sendFragments(List<String> parts) throws Exception {
      for (int i = 0; i < parts.size(); i++) {
        String part = parts.get(i);
        boolean last = i == parts.size() - 1;
        sent(callback -> session.join().sendPartialText(part, last, callback));
        byte[] ping = "ping".getBytes(StandardCharsets.UTF_8);
        sent(callback -> session.join().sendPing(ByteBuffer.wrap(ping), callback));
      }
    }

    private static void sent(Consumer<Callback> send) throws Exception {
      Callback.Completable done = new Callback.Completable();
      send.accept(done);
      done.get(30, TimeUnit.SECONDS);
    }
  }
}
