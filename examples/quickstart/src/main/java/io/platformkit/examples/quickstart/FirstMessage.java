package io.platformkit.examples.quickstart;

import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.RealtimeServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A client subscribes, says something, and gets what others publish. */
public final class FirstMessage {
  private FirstMessage() {}

  /** What a client says. */
  record Line(String text) {}

  /** Starts a server, and talks to it with the JDK's WebSocket. */
  public static void main(String[] args) throws InterruptedException {
    // @start region="server"
    var kept = TopicOptions.builder().history(1000).build(); // for whoever comes back

    try (var server = RealtimeServer.builder().port(0).topic("news/*", kept).build()) {
      server.on(
          "news.write",
          Line.class,
          (session, line) -> {
            var published = server.publish("news/today", Message.of("line", line)).join();
            session.reply(published.id()); // it is in the history, and on its way to everybody
          });
      server.start();
      talk(server.uri());
    }
    // @end
  }

  private static void talk(URI server) throws InterruptedException {
    Listener listener = new Listener();
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(server.toString().replace("http", "ws") + "/ws"), listener)
              .join();
      send(socket, "{'type':'subscribe','id':'1','payload':{'topics':['news/today']}}");
      send(socket, "{'type':'news.write','id':'2','payload':{'text':'hello'}}");
      listener.messages.await();
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
  }

  private static void send(WebSocket socket, String message) {
    socket.sendText(message.replace('\'', '"'), true).join();
  }

  /** Prints the types of messages. */
  private static final class Listener implements WebSocket.Listener {
    private final CountDownLatch messages = new CountDownLatch(4);

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      System.out.println(text.toString().replaceAll(".*\"type\":\"([a-z]+)\".*", "$1"));
      messages.countDown();
      from.request(1);
      return null;
    }
  }
}
