package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.PlatformException;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.http.Response;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RealtimeServerIT extends ServerCase {
  private static final TopicOptions KEPT =
      TopicOptions.builder().history(10_000).publishers(TopicAccess.ANYBODY).build();

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  private static void subscribe(TestClient client, String... topics) {
    client.send("subscribe", "sub", Map.of("topics", List.of(topics)));
    client.await("subscribed");
  }

  private static List<Object> payloads(TestClient client, String type) {
    List<Object> payloads = new ArrayList<>();
    client.messages(type).forEach(message -> payloads.add(message.get("payload")));
    return payloads;
  }

  private static List<Object> numbers(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).boxed().toList());
  }

  @Test
  void whoSubscribesGetsWhatIsPublishedOnAnyNode() {
    InMemoryEventLog log = closing(InMemoryEventLog.create());
    InMemoryMessageBus bus = closing(InMemoryMessageBus.create());
    RealtimeServer one =
        started(
            RealtimeServer.builder()
                .log(log)
                .bus(bus)
                .signingKey(new byte[32])
                .topic("news/*", KEPT));
    RealtimeServer other =
        started(
            RealtimeServer.builder()
                .log(log)
                .bus(bus)
                .signingKey(new byte[32])
                .topic("news/*", KEPT));
    for (String topic : List.of("news/a", "live")) {
      TestClient here = client(one);
      TestClient there = client(other);
      subscribe(here, topic);
      subscribe(there, topic);
      for (int i = 0; i < 100; i++) {
        one.publish(topic, Message.of("n", i)).join();
      }
      for (TestClient client : List.of(here, there)) {
        await().until(() -> client.messages("n").size() == 100);
        assertThat(payloads(client, "n")).isEqualTo(numbers(0, 100));
        assertThat(client.messages("n").getFirst()).containsEntry("topic", topic);
      }
    }
  }

  @Test
  void deliveryIsTimedFromPublishingOnceForAllConnectionsOfALoop() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RealtimeServer server =
        started(RealtimeServer.builder().meterRegistry(meters).topic("news/*", KEPT));
    List<TestClient> clients = IntStream.range(0, 20).mapToObj(i -> client(server)).toList();
    clients.forEach(client -> subscribe(client, "live", "news/a"));
    Timer latency = meters.timer("platform.realtime.delivery.latency");
    int loops = Runtime.getRuntime().availableProcessors();

    server.publish("live", Message.of("n", 1)).join();
    server.publish("news/a", Message.of("n", 2)).join();
    clients.forEach(client -> await().until(() -> client.messages("n").size() == 2));

    await().until(() -> latency.count() >= 2);
    assertThat(latency.count()).isLessThanOrEqualTo(2L * loops);
    assertThat(latency.max(TimeUnit.HOURS)).isLessThan(1);
  }

  /** Where a topic was when the client subscribed. */
  private static String offset(TestClient client, String topic) {
    Map<?, ?> topics = (Map<?, ?>) requireNonNull(client.payload("subscribed").get("topics"));
    Map<?, ?> place = (Map<?, ?>) requireNonNull(topics.get(topic));
    return String.valueOf(place.get("offset"));
  }

  @Test
  void whoWasCutGetsWhatItMissedAlsoIfItHadNothingBefore() {
    RealtimeServer server = started(RealtimeServer.builder().topic("news/*", KEPT));
    TestClient before = client(server);
    subscribe(before, "news/a");
    String offset = offset(before, "news/a");
    before.cut();
    for (int i = 0; i < 1_500; i++) {
      server.publish("news/a", Message.of("n", i)).join();
    }

    TestClient after = client(server);
    after.send(
        "subscribe",
        "again",
        Map.of("topics", List.of("news/a"), "offsets", Map.of("news/a", offset)));

    await().until(() -> after.messages("n").size() == 1_500);
    assertThat(payloads(after, "n")).isEqualTo(numbers(0, 1_500));
    assertThat(after.messages("gap")).isEmpty();
    assertThat(after.messages().get(1))
        .as("the answer comes first")
        .containsEntry("type", "subscribed");
  }

  @Test
  void aPositionThatIsOfNoUseIsOneGap() {
    RealtimeServer server = started(RealtimeServer.builder().topic("news/*", KEPT));
    server.publish("news/a", Message.of("n", 0)).join();
    TestClient client = client(server);
    client.send(
        "subscribe",
        null,
        Map.of("topics", List.of("news/a"), "offsets", Map.of("news/a", "abc.77.1")));

    assertThat(client.payload("gap")).containsEntry("reason", "epoch").containsKey("offset");
    server.publish("news/a", Message.of("n", 1)).join();
    client.await("n");
    assertThat(payloads(client, "n")).containsExactly(1);
  }

  /** What a client says in a chat. */
  record Line(String room, String text) {}

  @Test
  void handlersAnswerInOrderAndFaultsAreToldToTheClient() {
    RealtimeServer server =
        closing(
            RealtimeServer.builder()
                .errorHandler((where, failure) -> failures.add(failure))
                .build());
    server.on("say", Line.class, (session, line) -> session.reply(line.text().length()));
    server.on("quiet", Line.class, (session, line) -> {});
    server.on(
        "bad",
        Line.class,
        (session, line) -> {
          throw new IllegalArgumentException("text was 'x' but it must be longer");
        });
    server.on(
        "broken",
        Line.class,
        (session, line) -> {
          throw new IllegalStateException("secret");
        });
    server.start();
    TestClient client = client(server);
    Line line = new Line("a", "four");

    client.send("say", "1", line);
    client.send("quiet", "2", line);
    client.send("bad", "3", line);
    client.send("broken", "4", line);
    client.send("nothing", "5", line);
    client.sendText("{\"type\":\"say\",\"id\":\"6\",\"payload\":{\"room\":{}}}");
    client.sendText("{no json");
    client.send("ping", "7", null);

    client.await("pong");
    assertThat(client.messages("ack")).hasSize(2);
    assertThat(client.messages("ack").get(0)).containsEntry("id", "1").containsEntry("payload", 4);
    assertThat(client.messages("ack").get(1)).containsEntry("id", "2");
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    List<Object> errors = payloads(client, "error");
    assertThat(errors).hasSize(5);
    assertThat(errors.get(0).toString()).contains("malformed", "it must be longer");
    assertThat(errors.get(1).toString()).contains("failed").doesNotContain("secret");
    assertThat(errors.get(2).toString()).contains("unknown_type", "nothing");
    assertThat(errors.get(3).toString()).contains("malformed", "$.payload.room");
    assertThat(errors.get(4).toString()).contains("malformed");
  }

  @Test
  void theServerAsksAndTheClientAnswersOrNot() throws Exception {
    CompletableFuture<Session> session = new CompletableFuture<>();
    RealtimeServer server = closing(RealtimeServer.builder().build());
    server.onOpen(session::complete);
    server.start();
    TestClient client = client(server);

    CompletableFuture<byte[]> answer =
        session.join().request("question", "?", Duration.ofMinutes(1));
    client.send("ack", String.valueOf(client.await("question").get("id")), "yes");
    assertThat(new String(answer.join(), UTF_8)).isEqualTo("\"yes\"");

    CompletableFuture<byte[]> late = session.join().request("question", "?", Duration.ofMillis(1));
    assertThatThrownBy(late::join).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
    CompletableFuture<byte[]> cut = session.join().request("question", "?", Duration.ofMinutes(1));
    client.cut();
    assertThatThrownBy(cut::join).hasCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void whoIsInARoomHearsWhoComesAndGoes() {
    RealtimeServer server = started(RealtimeServer.builder().authenticator(NAMES));
    TestClient ann = client(server, "ann");
    TestClient ben = client(server, "ben");
    ann.send("join_room", "1", Map.of("room", "tea"));
    assertThat(ann.payload("room_joined")).containsEntry("topic", "room/tea");
    ben.send("join_room", "1", Map.of("room", "tea"));
    ben.await("room_joined");

    assertThat(ann.payload("user_joined")).isEqualTo(Map.of("user_id", "ben", "room", "tea"));
    server.send(Audience.room("tea"), Message.of("bell", 1)).join();
    server.send(Audience.user("ben"), Message.of("for_ben", 1)).join();
    server.send(Audience.everyone(), Message.of("all", 1).metadata("why", "news")).join();
    ben.await("bell");
    ben.await("for_ben");
    assertThat(ann.await("all")).containsEntry("metadata", Map.of("why", "news"));
    ben.await("all");
    assertThat(ann.messages("for_ben")).isEmpty();
    assertThat(ben.messages("user_joined")).isEmpty();

    ben.send("leave_room", "2", Map.of("room", "tea"));
    assertThat(ann.payload("user_left")).containsEntry("user_id", "ben");
    ben.send("join_room", "3", Map.of("room", "tea"));
    await().until(() -> ann.messages("user_joined").size() == 2);
    ben.cut();
    assertThat(ann.payload("user_offline")).containsEntry("user_id", "ben");
  }

  @Test
  void whoItIsIsAskedAtTheDoorOrByTheFirstMessage() {
    RealtimeServer server = started(RealtimeServer.builder().authenticator(NAMES));
    assertThat(client(server, "ann").payload("connected")).containsEntry("user_id", "ann");
    TestClient byQuery = closing(TestClient.connect(server, "/ws/ben?token=ben", null));
    assertThat(byQuery.payload("connected")).containsEntry("user_id", "ben");
    TestClient first = closing(TestClient.connect(server));
    first.send("auth", "1", Map.of("token", "cid"));
    assertThat(first.payload("connected")).containsEntry("user_id", "cid");

    assertThatThrownBy(() -> TestClient.connect(server, "/ws", "wrong"))
        .hasStackTraceContaining("401");
    assertThatThrownBy(() -> TestClient.connect(server, "/ws/ann?token=ben", null))
        .hasStackTraceContaining("403");
    TestClient wrong = closing(TestClient.connect(server));
    wrong.send("auth", "1", Map.of("token", "wrong"));
    assertThat(wrong.closeCode()).isEqualTo(CloseReason.UNAUTHORIZED.code());
    TestClient silent = closing(TestClient.connect(server));
    silent.send("subscribe", "1", Map.of("topics", List.of("a")));
    assertThat(silent.closeCode()).isEqualTo(CloseReason.NOBODY.code());
    TestClient liar = closing(TestClient.connect(server, "/ws/ann", null));
    liar.send("auth", "1", Map.of("token", "ben"));
    assertThat(liar.closeCode()).isEqualTo(CloseReason.FORBIDDEN.code());
  }

  @Test
  void credentialsEndAndAreRenewedInPlaceAndAreTakenBack() {
    InMemoryKeyValueStore revoked = closing(InMemoryKeyValueStore.create());
    RealtimeServer server =
        started(RealtimeServer.builder().authenticator(NAMES).revocations(revoked));
    Instant soon = Instant.now().plusSeconds(2);
    TestClient renewed = client(server, "ann@" + soon);
    TestClient expired = client(server, "ben@" + soon);
    renewed.send("auth", "1", Map.of("token", "ann@" + soon.plusSeconds(600)));
    renewed.await("ack");
    renewed.send("auth", "2", Map.of("token", "ben"));
    assertThat(renewed.payload("error")).containsEntry("code", "forbidden");
    assertThat(expired.closeCode()).isEqualTo(CloseReason.EXPIRED.code());
    renewed.send("ping", "3", null);
    renewed.await("pong");

    server.revoke("ann", Duration.ofHours(1));
    assertThat(renewed.closeCode()).isEqualTo(CloseReason.UNAUTHORIZED.code());
    assertThatThrownBy(() -> TestClient.connect(server, "/ws", "ann"))
        .hasStackTraceContaining("401");
  }

  @Test
  void topicsAreForThoseWhoMay() {
    RealtimeServer server =
        started(
            RealtimeServer.builder()
                .authenticator(NAMES)
                .maxTopics(2)
                .topic(
                    "notifications/*",
                    TopicOptions.builder()
                        .subscribers(TopicAccess.owner("notifications/"))
                        .publishers(TopicAccess.NOBODY)
                        .build())
                .topic("open", KEPT));
    TestClient ann = client(server, "ann");
    ann.send("subscribe", "1", Map.of("topics", List.of("notifications/ann", "notifications/ben")));

    assertThat(ann.payload("subscribed").get("refused"))
        .isEqualTo(Map.of("notifications/ben", "not allowed"));
    ann.send("publish", "2", Map.of("topic", "notifications/ben", "type", "x", "payload", 1));
    assertThat(ann.payload("error")).containsEntry("code", "forbidden");
    ann.send("publish", "3", Map.of("topic", "open", "type", "x", "payload", 1, "key", "k"));
    ann.send("publish", "4", Map.of("topic", "open", "type", "x", "payload", 1, "key", "k"));
    await().until(() -> ann.messages("ack").size() == 2);
    assertThat(payloads(ann, "ack").getFirst().toString()).contains("duplicate=false");
    assertThat(payloads(ann, "ack").getLast().toString()).contains("duplicate=true");
    ann.send("subscribe", "5", Map.of("topics", List.of("open", "b")));
    await().until(() -> ann.messages("subscribed").size() == 2);
    assertThat(payloads(ann, "subscribed").getLast().toString())
        .contains("b=a session may receive at most 2 topics");
  }

  @Test
  void pagesOfOtherOriginsAreRefused() {
    RealtimeServer server =
        started(RealtimeServer.builder().allowOrigin("https://app.example.org"));
    String own = server.uri().toString();
    for (String right : List.of(own, "https://app.example.org")) {
      closing(TestClient.withOrigin(server, right)).await("connected");
    }
    for (String wrong :
        List.of(
            "null",
            own.replace("http:", "https:"),
            own + "0",
            "http://127.0.0.1",
            "https://app.example.org.evil.example",
            "https://evil-app.example.org",
            "http://app.example.org",
            "https://app.example.org:444")) {
      assertThatThrownBy(() -> TestClient.withOrigin(server, wrong))
          .as(wrong)
          .hasStackTraceContaining("403");
    }
  }

  @Test
  void endpointsAnswerOnTheSamePort() throws Exception {
    RealtimeServer server =
        started(RealtimeServer.builder().mount("/hello", request -> Response.text("hello")));
    HttpResponse<String> answer = get(server, "/hello");
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(get(server, "/other").statusCode()).isEqualTo(404);
    assertThat(get(server, "/ws").statusCode()).isEqualTo(426);
  }

  private static HttpResponse<String> get(RealtimeServer server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(server.uri() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void whoSendsTooMuchIsToldOfEachAndThenSentAway() {
    RealtimeServer server = started(RealtimeServer.builder().messagesPerSecond(1));
    TestClient client = client(server);
    for (int i = 0; i < 10; i++) {
      client.send("ping", "p" + i, null);
    }
    assertThat(client.closeCode()).isEqualTo(CloseReason.TOO_MANY.code());
    assertThat(client.messages("pong")).extracting("id").containsExactly("p0", "p1");
    assertThat(client.messages("error")).extracting("id").containsExactly("p2", "p3");
    assertThat(client.payload("error")).containsEntry("code", "too_many");
  }

  @Test
  void aServerThatClosesTellsAllItsClientsToComeBack() {
    RealtimeServer server = started(RealtimeServer.builder());
    List<TestClient> clients = Stream.generate(() -> client(server)).limit(50).toList();
    assertThat(server.isReady()).isTrue();

    server.close();

    for (TestClient client : clients) {
      assertThat(client.payload("reconnect")).containsEntry("after_ms", 0);
      assertThat(client.closeCode()).isEqualTo(CloseReason.DRAINING.code());
    }
    assertThat(server.isReady()).isFalse();
  }

  @Test
  void aRequestThatDoesNotEndIsInterruptedAfterTheDrainTimeout() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    RealtimeServer server =
        started(
            RealtimeServer.builder()
                .drainTimeout(Duration.ofMillis(200))
                .mount(
                    "/stuck",
                    request -> {
                      called.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                      }
                      return Response.text("never");
                    }));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + "/stuck")).build();
      CompletableFuture<?> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
      called.await();

      assertThatThrownBy(server::close)
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("requests");
      interrupted.await();
      await().until(answer::isDone);
    }
    forget(server); // it was closed, and said what it left behind
  }

  @Test
  void optionsThatAreWrongAreNamedTogether() {
    assertThatThrownBy(() ->
            RealtimeServer.builder()
                .messagesPerSecond(0)
                .drainTimeout(Duration.ZERO)
                .webSocketPath("ws")
                .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "messagesPerSecond was '0' but it must be from 1 to 1000000;"
                + " drainTimeout was 'PT0S' but it must be from PT0.1S to PT1H;"
                + " webSocketPath was 'ws' but it must be segments, like '/ws'");
  }
}
