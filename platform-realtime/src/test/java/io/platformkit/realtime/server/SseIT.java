package io.platformkit.realtime.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.PlatformException;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SseIT extends ServerCase {
  private static final byte[] KEY = new byte[32];
  private static final TopicOptions KEPT = TopicOptions.builder().history(10_000).build();
  private final InMemoryEventLog log = closing(InMemoryEventLog.create());
  private final InMemoryMessageBus bus = closing(InMemoryMessageBus.create());

  private RealtimeServerBuilder builder() {
    return RealtimeServer.builder().log(log).bus(bus).signingKey(KEY).topic("kept/*", KEPT);
  }

  private SseReader open(RealtimeServer server, String path) {
    return closing(SseReader.open(server, path, null));
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  private static List<String> payloads(SseReader reader, String topic) {
    return reader.events("n").stream()
        .filter(event -> topic.equals(event.envelope().get("topic")))
        .map(event -> String.valueOf(event.envelope().get("payload")))
        .toList();
  }

  @Test
  void aStreamHasItsTopicsAndSaysSoFirst() {
    RealtimeServer server = started(builder());
    SseReader reader = open(server, "/sse?topics=kept/a,live");
    reader.await("subscribed");
    server.publish("kept/a", Message.of("n", 1)).join();
    server.publish("live", Message.of("n", 2)).join();

    await().until(() -> reader.events("n").size() == 2);
    assertThat(reader.events().get(0).type()).isEqualTo("connected");
    assertThat(reader.events().get(1).type()).isEqualTo("subscribed");
    assertThat(payloads(reader, "kept/a")).containsExactly("1");
    assertThat(payloads(reader, "live")).containsExactly("2");
  }

  /** Also one that had no message yet, and on the other node. */
  @Test
  void oneIdResumesAllTopicsOfAStreamExactlyOnAnyNode() throws Exception {
    RealtimeServer one = started(builder());
    RealtimeServer other = started(builder());
    List<String> topics = List.of("kept/a", "kept/b", "kept/c");
    String path = "/sse?topics=" + String.join(",", topics);
    AtomicBoolean done = new AtomicBoolean();
    int messages = 600;
    SseReader first = SseReader.open(one, path, null);
    first.await("subscribed");
    String last = first.lastId();
    first.close();
    Thread publisher =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < messages; i++) {
                for (String topic : topics) {
                  (i % 2 == 0 ? one : other).publish(topic, Message.of("n", i)).join();
                }
              }
              done.set(true);
            });
    long seed = Long.getLong("platform.seed", System.nanoTime());
    System.out.printf("SseIT: seed %d%n", seed);
    Random random = new Random(seed);
    Map<String, List<String>> got =
        Map.of(
            "kept/a", new ArrayList<>(), "kept/b", new ArrayList<>(), "kept/c", new ArrayList<>());
    int rounds = 0;
    while (!done.get() || got.values().stream().anyMatch(list -> !endsWith(list, messages))) {
      RealtimeServer node = random.nextBoolean() ? one : other;
      try (SseReader reader = SseReader.open(node, path, last)) {
        reader.await("subscribed");
        int enough = random.nextInt(200);
        await().until(() -> reader.events("n").size() >= enough || done.get());
        int size = reader.events().size();
        for (SseReader.Event event : reader.events().subList(0, size)) {
          if (event.type().equals("n")) {
            requireNonNull(got.get(String.valueOf(event.envelope().get("topic"))))
                .add(String.valueOf(event.envelope().get("payload")));
          }
          last = event.id();
        }
        assertThat(reader.events("gap")).isEmpty();
      }
      rounds++;
    }
    publisher.join();
    for (List<String> list : got.values()) {
      assertThat(list).as("seed %d, %d rounds", seed, rounds).isEqualTo(numbers(0, messages));
    }
  }

  private static boolean endsWith(List<String> list, int messages) {
    return !list.isEmpty() && list.getLast().equals(String.valueOf(messages - 1));
  }

  @Test
  void aCursorIsOfItsUserAlone() {
    RealtimeServer server = started(builder().authenticator(NAMES));
    SseReader ann = open(server, "/sse?topics=kept/a&token=ann");
    ann.await("subscribed");
    String id = ann.lastId();

    assertThat(SseReader.open(server, "/sse?topics=kept/a&token=ben", id).status()).isEqualTo(403);
    assertThat(SseReader.open(server, "/sse?topics=kept/a", id).status()).isEqualTo(401);
    SseReader again = closing(SseReader.open(server, "/sse?token=ann", id));
    again.await("subscribed");
    server.publish("kept/a", Message.of("n", 1)).join();
    again.await("n");
  }

  @Test
  void aKeyInTheHeadIsAsGoodAsATokenButNotBeside() throws Exception {
    RealtimeServer server = started(builder().authenticator(NAMES));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/sse?topics=kept/a"))
            .header("X-API-Key", "ann");

    assertThat(status(request.build())).isEqualTo(200);
    assertThat(status(request.header("Authorization", "Bearer ann").build())).isEqualTo(401);
  }

  private static int status(HttpRequest request) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      answer.body().close();
      return answer.statusCode();
    }
  }

  @Test
  void aCursorThatNobodyKnowsIsAGap() {
    RealtimeServer server = started(builder());
    SseReader reader = closing(SseReader.open(server, "/sse?topics=kept/a", "abc"));

    assertThat(reader.await("gap").envelope()).containsEntry("topic", "kept/a");
    server.publish("kept/a", Message.of("n", 1)).join();
    reader.await("n");
  }

  /** Not one that is open, and gets nothing. */
  @Test
  void aStreamThatBeginsWhileTheLogIsAwayEnds() {
    AtomicBoolean away = new AtomicBoolean(true);
    EventLog failing =
        (EventLog)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {EventLog.class},
                (proxy, method, arguments) -> {
                  if (away.get() && method.getName().equals("head")) {
                    throw new PlatformException("the log is away");
                  }
                  return method.invoke(log, arguments);
                });
    RealtimeServer server =
        started(RealtimeServer.builder().log(failing).signingKey(KEY).topic("kept/*", KEPT));
    SseReader reader = open(server, "/sse?topics=kept/a");
    reader.awaitEnd();
    Map<?, ?> why = (Map<?, ?>) requireNonNull(reader.await("closed").envelope().get("payload"));
    assertThat(why.get("code")).isEqualTo(CloseReason.UNAVAILABLE.code());

    away.set(false);
    open(server, "/sse?topics=kept/a").await("subscribed");
  }

  @Test
  void aStreamCarriesNoBytesAndSaysSoWhereTheyAreSent() {
    RealtimeServer server = started(builder());
    SseReader reader = open(server, "/sse?topics=kept/a");
    reader.await("subscribed");

    assertThatThrownBy(() -> server.sessions().iterator().next().send(new byte[1]))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("a stream of events carries text alone");
    server.publish("kept/a", Message.of("n", 1)).join();
    reader.await("n");
  }

  @Test
  void topicsThatAreNotAllowedAreRefused() {
    RealtimeServer server =
        started(
            builder()
                .authenticator(NAMES)
                .topic(
                    "notifications/*",
                    TopicOptions.builder()
                        .subscribers(TopicAccess.owner("notifications/"))
                        .build()));
    assertThat(open(server, "/sse?topics=notifications/ben&token=ann").status()).isEqualTo(403);
    assertThat(open(server, "/sse?topics=notifications/ann&token=ann").status()).isEqualTo(200);
  }

  @Test
  void whatAClientPostsToAnyNodeIsAnsweredOnItsStream() throws Exception {
    RealtimeServer one = closing(builder().authenticator(NAMES).build());
    one.on("shout", String.class, (session, text) -> session.reply(text + "!"));
    one.start();
    RealtimeServer other = started(builder().authenticator(NAMES));
    SseReader ann = open(one, "/sse?token=ann");
    String session = session(ann);

    for (RealtimeServer node : List.of(one, other)) {
      String command =
          "{\"type\":\"shout\",\"id\":\"%s\",\"payload\":\"hey\"}".formatted(node.uri());
      assertThat(post(node, session, "ann", command)).isEqualTo(202);
      await()
          .until(() ->
              ann.events("ack").stream()
                  .anyMatch(ack -> node.uri().toString().equals(ack.envelope().get("id"))));
    }
    assertThat(ann.events("ack").getFirst().envelope()).containsEntry("payload", "hey!");
    assertThat(post(one, session, "ben", "{\"type\":\"ping\"}")).isEqualTo(403);
    assertThat(post(one, session, "ann", "nothing")).isEqualTo(400);
    assertThat(
            post(
                one,
                session,
                "ann",
                "{\"type\":\"subscribe\",\"payload\":{\"topics\":[\"kept/z\"]}}"))
        .isEqualTo(202);
    await().until(() -> ann.events("subscribed").size() == 2);
    one.publish("kept/z", Message.of("n", 1)).join();
    ann.await("n");
  }

  @Test
  void aPostThatCannotBeHandedOnIsToBeTriedAgain() throws Exception {
    TestBus between = closing(new TestBus());
    RealtimeServer one = started(RealtimeServer.builder().bus(between));
    RealtimeServer other = started(RealtimeServer.builder().bus(between));
    SseReader reader = open(one, "/sse");

    between.fail(true);
    HttpResponse<Void> refused = answer(other, session(reader), "", "{\"type\":\"ping\"}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    between.fail(false);
    assertThat(post(other, session(reader), "", "{\"type\":\"ping\"}")).isEqualTo(202);
    reader.await("pong");
  }

  @Test
  void whoPostsToASessionThatIsGoneOrAnothersIsToldSoByAnyNode() throws Exception {
    RealtimeServer one = started(builder().authenticator(NAMES));
    RealtimeServer other = started(builder().authenticator(NAMES));
    SseReader ann = SseReader.open(one, "/sse?token=ann", null);
    String session = session(ann);

    for (RealtimeServer node : List.of(one, other)) {
      assertThat(post(node, session, "ben", "{\"type\":\"ping\"}")).isEqualTo(403);
      assertThat(post(node, "made-up", "ann", "{\"type\":\"ping\"}")).isEqualTo(404);
    }
    ann.close();
    await().until(() -> one.sessions().isEmpty());
    for (RealtimeServer node : List.of(one, other)) {
      assertThat(post(node, session, "ann", "{\"type\":\"ping\"}")).isEqualTo(404);
    }
    one.close();
    assertThat(post(other, session, "ann", "{\"type\":\"ping\"}")).isEqualTo(504);
  }

  /** However many bytes JSON would make of it. */
  @Test
  void whatOneNodeTakesByPostAnyNodeTakes() throws Exception {
    RealtimeServer one = closing(builder().maxMessageBytes(1 << 20).build());
    one.on("measure", String.class, (session, text) -> session.reply(text.length()));
    one.start();
    RealtimeServer other = started(builder().maxMessageBytes(1 << 20));
    SseReader reader = open(one, "/sse");
    String session = session(reader);
    String frame = "{\"type\":\"measure\",\"id\":\"1\",\"payload\":\"%s\"}";
    int room = NodeBus.MAX_COMMAND - frame.length() + 2;
    String largest = frame.formatted("\\\"".repeat(room / 2));
    String larger = frame.formatted("x".repeat(room + 1));

    int taken = 0;
    for (RealtimeServer node : List.of(one, other)) {
      int before = taken++;
      assertThat(post(node, session, "", larger)).isEqualTo(413);
      assertThat(post(node, session, "", largest)).isEqualTo(202);
      await().until(() -> reader.events("ack").size() == before + 1);
    }
    assertThat(reader.events("ack").getLast().envelope()).containsEntry("payload", room / 2);
  }

  @Test
  void aStreamHasNoMoreTopicsThanItsIdsCanTellOf() throws Exception {
    RealtimeServer server = started(builder());
    SseReader reader = open(server, "/sse?topics=kept/first");
    String session = session(reader);
    List<String> topics =
        IntStream.range(0, 100).mapToObj(i -> "kept/" + "x".repeat(200) + i).toList();
    String names = String.join("\",\"", topics);
    post(
        server,
        session,
        "",
        "{\"type\":\"subscribe\",\"payload\":{\"topics\":[\"%s\"]}}".formatted(names));
    await().until(() -> reader.events("subscribed").size() == 2);

    Map<?, ?> answer =
        (Map<?, ?>) requireNonNull(reader.events("subscribed").getLast().envelope().get("payload"));
    Map<?, ?> refused = (Map<?, ?>) requireNonNull(answer.get("refused"));
    Map<?, ?> taken = (Map<?, ?>) requireNonNull(answer.get("topics"));
    assertThat(refused.values().iterator().next().toString()).contains("too long together");
    assertThat(taken).hasSizeGreaterThan(20);
    assertThat(taken.size() + refused.size()).isEqualTo(100);
    String last = taken.keySet().stream().map(String::valueOf).toList().getLast();
    String id = reader.lastId();
    reader.close();
    server.publish(last, Message.of("n", 7)).join();
    SseReader again = closing(SseReader.open(server, "/sse", id));
    await().until(() -> payloads(again, last).equals(List.of("7")));
    String many = String.join(",", topics.subList(0, 35));
    assertThat(open(server, "/sse?topics=" + many).status()).isEqualTo(400);
  }

  private static String session(SseReader reader) {
    Map<?, ?> payload =
        (Map<?, ?>) requireNonNull(reader.await("connected").envelope().get("payload"));
    return String.valueOf(payload.get("session"));
  }

  private static int post(RealtimeServer node, String session, String token, String body)
      throws Exception {
    return answer(node, session, token, body).statusCode();
  }

  private static HttpResponse<Void> answer(
      RealtimeServer node, String session, String token, String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(node.uri() + "/sse/" + session))
              .header("Authorization", "Bearer " + token)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding());
    }
  }

  @Test
  void aStreamOfTheHostsHasNamesAndPayloadsAndEnds() {
    RealtimeServer server =
        started(
            builder()
                .events(
                    "/upload/{id}/progress",
                    EventStream.of(request -> "kept/upload-" + request.pathVariable("id"))
                        .named()
                        .until("done")));
    SseReader reader = open(server, "/upload/7/progress");
    await().until(() -> server.sessions().stream().anyMatch(one -> !one.topics().isEmpty()));
    server.publish("kept/upload-7", Message.of("progress", Map.of("percentage", 50))).join();
    server.publish("kept/upload-7", Message.of("done", Map.of("percentage", 100))).join();
    reader.awaitEnd();

    assertThat(reader.events()).hasSize(2);
    assertThat(reader.events().getFirst().name()).isEqualTo("progress");
    assertThat(reader.events().getFirst().data()).isEqualTo("{\"percentage\":50}");
    assertThat(reader.events().getLast().name()).isEqualTo("done");
    assertThat(SseReader.open(server, "/upload/7/progress", reader.lastId()).status())
        .isEqualTo(204);
  }
}
