package io.platformkit.realtime.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may stay, and who may come back. */
@Timeout(60)
class CredentialsIT extends ServerCase {
  private static final String NOT_ALLOWED = "not allowed";

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);

  private RealtimeServerBuilder builder() {
    return RealtimeServer.builder().authenticator(NAMES).clock(clock).timers(timers);
  }

  @Test
  void credentialsAreRenewedInPlaceAndExpiredOnesEndWithinTheirSecond() {
    RealtimeServer server = started(builder());
    Instant end = clock.instant().plusSeconds(10);
    TestClient renewed = client(server, "ann@" + end);
    TestClient expiring = client(server, "ben@" + end);
    SseReader stream = closing(SseReader.open(server, "/sse?token=cid@" + end, null));
    stream.await("connected");

    timers.advance(Duration.ofMillis(9_999));
    assertThat(server.sessions()).hasSize(3);
    renewed.send("auth", "1", Map.of("token", "ann@" + end.plusSeconds(10)));
    renewed.await("ack");
    expiring.send("ping", "2", null);
    expiring.await("pong");

    timers.advance(Duration.ofMillis(1_001));
    assertThat(expiring.closeCode()).isEqualTo(CloseReason.EXPIRED.code());
    stream.awaitEnd();
    Map<?, ?> why = (Map<?, ?>) requireNonNull(stream.await("closed").envelope().get("payload"));
    assertThat(why.get("code")).isEqualTo(CloseReason.EXPIRED.code());
    await().until(() -> server.sessions().size() == 1);
    renewed.send("ping", "3", null);
    renewed.await("pong");
    assertThat(renewed.messages("connected")).hasSize(1);

    timers.advance(Duration.ofSeconds(10));
    assertThat(renewed.closeCode()).isEqualTo(CloseReason.EXPIRED.code());
  }

  @Test
  void whoComesBackMustBeAllowedEveryTopicAgain() {
    Set<String> open = ConcurrentHashMap.newKeySet();
    open.addAll(List.of("kept/a", "kept/b"));
    TopicOptions kept =
        TopicOptions.builder()
            .history(100)
            .subscribers((who, topic) -> open.contains(topic))
            .build();
    RealtimeServer server = started(builder().topic("kept/*", kept));
    List<String> topics = List.copyOf(open);
    TestClient first = client(server, "ann");
    first.send("subscribe", "1", Map.of("topics", topics));
    Map<?, ?> places = (Map<?, ?>) requireNonNull(first.payload("subscribed").get("topics"));
    String offset = offset(places, "kept/a");
    first.cut();
    String path = "/sse?token=ann&topics=" + String.join(",", topics);
    SseReader stream = SseReader.open(server, path, null);
    stream.await("subscribed");
    stream.close();

    open.remove("kept/a");
    server.publish("kept/a", Message.of("n", "secret")).join();
    server.publish("kept/b", Message.of("n", "open")).join();

    TestClient again = client(server, "ann");
    Map<String, String> offsets = Map.of("kept/a", offset, "kept/b", offset(places, "kept/b"));
    again.send("subscribe", "2", Map.of("topics", topics, "offsets", offsets));
    assertThat(again.payload("subscribed").get("refused")).isEqualTo(Map.of("kept/a", NOT_ALLOWED));
    assertThat(again.await("n")).containsEntry("payload", "open");
    assertThat(SseReader.open(server, "/sse?token=ann", stream.lastId()).status()).isEqualTo(403);
    assertThat(again.messages("n")).hasSize(1);
  }

  private static String offset(Map<?, ?> places, String topic) {
    return String.valueOf(((Map<?, ?>) requireNonNull(places.get(topic))).get("offset"));
  }

  /** The store says no more than that it was not, a moment ago. */
  @ParameterizedTest(name = "by {0}")
  @ValueSource(strings = {"handshake", "first message", "stream"})
  void whoIsRevokedWhileItComesInDoesNotStay(String way) {
    AtomicReference<Runnable> afterGet = new AtomicReference<>(() -> {});
    RealtimeServer server = started(builder().revocations(store(afterGet)));
    afterGet.set(() -> server.revoke("ann", Duration.ofHours(1)));
    if (way.equals("stream")) {
      closing(SseReader.open(server, "/sse?token=ann", null)).awaitEnd();
    } else {
      boolean late = way.equals("first message");
      TestClient client = closing(TestClient.connect(server, "/ws", late ? null : "ann"));
      if (late) {
        client.send("auth", "1", Map.of("token", "ann"));
      }
      assertThat(client.closeCode()).isEqualTo(CloseReason.UNAUTHORIZED.code());
    }
  }

  /** In memory; something is done once behind its next answer. */
  private KeyValueStore store(AtomicReference<Runnable> afterGet) {
    KeyValueStore memory = closing(InMemoryKeyValueStore.create());
    return (KeyValueStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(memory, arguments);
              if (method.getName().startsWith("get")) {
                afterGet.getAndSet(() -> {}).run();
              }
              return answer;
            });
  }

  @Test
  void streamsAndPostsOfOtherOriginsAreRefusedAndThoseOfNoneWhereTheHostWants() throws Exception {
    RealtimeServer server = started(RealtimeServer.builder().requireOrigin());
    String own = server.uri().toString();
    for (String path : List.of("/sse", "/sse/some-session")) {
      for (String wrong :
          List.of("", "null", own + ".example", own.replace("http:", "https:"), own + "0")) {
        assertThat(status(server, path, wrong)).as("'%s' at %s", wrong, path).isEqualTo(403);
      }
    }
    assertThat(status(server, "/sse", own)).isEqualTo(200);
    assertThatThrownBy(() -> TestClient.connect(server)).hasStackTraceContaining("403");
    closing(TestClient.withOrigin(server, own)).await("connected");
    RealtimeServer other = started(RealtimeServer.builder());
    assertThat(status(other, "/sse", "")).isEqualTo(200);
  }

  /** A GET of the stream, or a POST to a session of it. */
  private static int status(RealtimeServer server, String path, String origin) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path));
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    if (!path.equals("/sse")) {
      request.POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"ping\"}"));
    }
    HttpClient http = HttpClient.newHttpClient();
    HttpResponse<?> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    http.shutdownNow();
    return answer.statusCode();
  }
}
