package io.platformkit.realtime.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.browser.Browser;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.StaticFiles;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.RealtimeServerBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that we did not write: npm's {@code ws} and {@code eventsource}, and a browser's own. */
@Timeout(240)
class ForeignClientsIT {
  private static final int STREAMS = 60;
  private static final Json JSON = Json.standard();
  private static final TopicOptions KEPT =
      TopicOptions.builder().history(10_000).publishers(TopicAccess.ANYBODY).build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> streams = new ArrayList<>();
  private @Nullable RealtimeServer opened;

  @AfterEach
  void close() {
    http.close();
    if (opened != null) {
      opened.close();
    }
  }

  private RealtimeServer started(RealtimeServerBuilder options) {
    HttpEndpoint list = request -> Response.json(streams);
    RealtimeServer server =
        options
            .topic("kept/*", KEPT)
            .mount("/streams", list)
            .mount("/page", StaticFiles.builder("io/platformkit/realtime/client/foreign").build())
            .build();
    opened = server;
    server.start();
    return server;
  }

  @Test
  void aWebSocketOfNodeIsCutAndHasAllTheSame() throws Exception {
    NodeFolder node = NodeFolder.prepare();
    RealtimeServer server =
        started(
            RealtimeServer.builder()
                .authenticator((credentials, peer) ->
                    new Authentication.Authenticated(
                        Principal.of(credentials.secret()), Optional.empty())));
    String url = server.uri().toString().replaceFirst("^http", "ws") + "/ws/ann";

    String printed = node.run("websocket.mjs", url, "ann", "kept/a", "40");

    Map<String, @Nullable Object> told = JSON.decodeObject(printed.getBytes(UTF_8));
    assertThat(told.get("got")).isEqualTo(IntStream.range(0, 40).boxed().toList());
    assertThat(told).containsEntry("code", 1000);
    assertThat((List<?>) told.get("answers")).hasSizeBetween(70, 80);
  }

  /** An event of a stream: its id, and its data. */
  private record Event(String id, String data) {}

  @Test
  void sixtyStreamsAreTheSameInNodeInABrowserAndOnTheWire() throws Exception {
    Browser.requireInstalled();
    NodeFolder node = NodeFolder.prepare();
    RealtimeServer server = started(RealtimeServer.builder());
    publishStreams(server);

    List<List<Event>> wire = new ArrayList<>();
    for (String stream : streams) {
      wire.add(readUntilEnd(server.uri().resolve(stream)));
    }

    assertThat(wire).hasSize(STREAMS).allSatisfy(events -> assertThat(events).isNotEmpty());
    assertThat(events(node.run("events.mjs", server.uri() + "/streams"))).isEqualTo(wire);
    assertThat(events(readInBrowser(server))).isEqualTo(wire);
  }

  /** What is in each of them, behind a first message whose cursor all readers begin with. */
  private void publishStreams(RealtimeServer server) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the streams: " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < STREAMS; i++) {
      String topic = "kept/" + i;
      String path = "/sse?topics=" + topic;
      try (Stream<String> lines = lines(server.uri().resolve(path))) {
        Iterator<Event> events = events(lines);
        await().until(() -> server.sessions().stream().anyMatch(s -> s.topics().contains(topic)));
        publish(server, topic, "begin", "");
        streams.add(path + "&last_event_id=" + events.next().id());
      }
      for (int n = random.nextInt(30); n > 0; n--) {
        publish(server, topic, "text", text(random));
      }
      publish(server, topic, "end", "");
    }
  }

  private static void publish(RealtimeServer server, String topic, String type, String payload) {
    server.publish(topic, Message.of(type, payload)).join();
  }

  /** Text that a careless writer or reader of streams would break. */
  private static String text(Random random) {
    List<String> parts =
        List.of(
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "data: x",
            "id: 7",
            "event: y",
            "retry: 1",
            ":",
            " ",
            "\t",
            "\u0000",
            "\u2028",
            "\uFEFF",
            "ü",
            "€",
            "\uD83D\uDE00",
            "\"",
            "\\",
            "x".repeat(500));
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  private Stream<String> lines(URI url) throws Exception {
    return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofLines()).body();
  }

  private List<Event> readUntilEnd(URI url) throws Exception {
    List<Event> read = new ArrayList<>();
    try (Stream<String> lines = lines(url)) {
      Iterator<Event> events = events(lines);
      while (read.isEmpty() || !read.getLast().data().contains("\"type\":\"end\"")) {
        read.add(events.next());
      }
    }
    return read;
  }

  /** Those of topics: as the server writes them, an id and one line of data. */
  private static Iterator<Event> events(Stream<String> lines) {
    StringBuilder id = new StringBuilder();
    return lines
        .filter(line -> line.startsWith("id: ") || line.startsWith("data: "))
        .<Event>mapMulti((line, next) -> {
          if (line.startsWith("id: ")) {
            id.replace(0, id.length(), line.substring(4));
          } else if (line.contains("\"topic\":")) {
            next.accept(new Event(id.toString(), line.substring(6)));
          }
        })
        .iterator();
  }

  private static List<List<Event>> events(String json) {
    List<List<Event>> all = new ArrayList<>();
    byte[] member = "{\"streams\":%s}".formatted(json).getBytes(UTF_8);
    for (Object stream :
        (List<?>) Objects.requireNonNull(JSON.decodeObject(member).get("streams"))) {
      all.add(((List<?>) stream).stream().map(ForeignClientsIT::event).toList());
    }
    return all;
  }

  private static Event event(Object pair) {
    List<?> idAndData = (List<?>) pair;
    return new Event(String.valueOf(idAndData.get(0)), String.valueOf(idAndData.get(1)));
  }

  private static String readInBrowser(RealtimeServer server) {
    try (Browser browser = Browser.open()) {
      browser.go(server.uri().resolve("/page/package.json"));
      browser
          .driver()
          .executeScript(
              """
              (async () => {
                const { readAll } = await import('/page/streams.mjs');
                const streams = await (await fetch('/streams')).json();
                window.read = JSON.stringify(await readAll(EventSource, streams));
              })();
              """);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Boolean.TRUE.equals(browser.evaluate("window.read !== undefined")));
      return browser.text("window.read");
    }
  }

  @Test
  void anEventSourceOfABrowserThatIsCutHasEveryMessageOnce() {
    Browser.requireInstalled();
    RealtimeServer server = started(RealtimeServer.builder());
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.uri().getPort());
        Browser browser = Browser.open()) {
      browser.go(URI.create("http://127.0.0.1:%d/page/package.json".formatted(proxy.port())));
      browser
          .driver()
          .executeScript(
              """
              window.got = [];
              new EventSource('/sse?topics=kept/a,kept/b').onmessage = ({ data }) => {
                const { topic, payload } = JSON.parse(data);
                if (topic !== undefined) got.push(payload);
              };
              """);
      await().until(() -> !server.sessions().isEmpty());
      int published = 0;
      for (int cut = 0; cut < 3; cut++) {
        published = publishSome(server, published);
        awaitReceived(browser, published);
        proxy.cut();
        published = publishSome(server, published);
      }
      awaitReceived(browser, published);
      assertThat(browser.text("got.join(' ')"))
          .isEqualTo(
              String.join(" ", IntStream.range(0, published).mapToObj(n -> "" + n).toList()));
    }
  }

  private static int publishSome(RealtimeServer server, int from) {
    for (int n = from; n < from + 50; n++) {
      server.publish("kept/a", Message.of("n", n)).join();
    }
    return from + 50;
  }

  private static void awaitReceived(Browser browser, int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> browser.number("got.length") >= count);
  }
}
