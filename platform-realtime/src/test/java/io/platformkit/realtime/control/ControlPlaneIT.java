package io.platformkit.realtime.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Json;
import io.platformkit.core.access.Access;
import io.platformkit.core.access.Guard;
import io.platformkit.core.access.Need;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.SigningKey;
import io.platformkit.core.jwt.TokenIssuer;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.ServerCase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each path, behind a guard with keys and on a server that knows nobody. */
@Timeout(60)
class ControlPlaneIT extends ServerCase {
  private static final TopicOptions ROOMS = TopicOptions.builder().history(100).build();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private String ann = "";
  private String admin = "";

  /** Callers show keys, or tokens that they got for them. */
  private RealtimeServer guarded() {
    ApiKeys keys = closing(ApiKeys.builder(folder.resolve("keys.json")).build());
    ann = keys.create(Principal.of("ann")).secret();
    admin = keys.create(Principal.of("root", Guard.ADMIN)).secret();
    TokenIssuer tokens = TokenIssuer.builder("test", "realtime", SigningKey.random()).build();
    Access access = Access.builder(keys).build();
    ControlPlane control = ControlPlane.builder().login(access.tokenTrade(keys, tokens)).build();
    return started(
        control
            .addTo(RealtimeServer.builder())
            .authenticator(Authenticator.firstOf(access.visitors(), tokens.authenticator()))
            .credentials(access::credentials)
            .topic("room/*", ROOMS)
            .mountWith(
                "/",
                server ->
                    access
                        .guard(control.addTo(Routes.builder(), server).build())
                        .reads("/api", Need.known())
                        .changes("/api/v1/connections/login", Need.open())
                        .changes("/", Need.known())
                        .build()));
  }

  private RealtimeServer open() {
    ControlPlane control = ControlPlane.builder().anybodysNotifications().build();
    return started(
        control
            .addTo(RealtimeServer.builder())
            .topic("room/*", ROOMS)
            .mountWith("/", server -> control.addTo(Routes.builder(), server).build()));
  }

  private HttpResponse<String> get(RealtimeServer server, String path, String key)
      throws Exception {
    return http.send(request(server, path, key).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(RealtimeServer server, String path, String key, String body)
      throws Exception {
    return http.send(
        request(server, path, key).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(RealtimeServer server, String path, String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve(path));
    return key.isEmpty() ? request : request.header("X-API-Key", key);
  }

  private static Map<String, @Nullable Object> json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.standard().decodeObject(answer.body().getBytes(UTF_8));
  }

  /** The lines of a stream that are names or data of events. */
  private Iterator<String> stream(RealtimeServer server, String path, String key) throws Exception {
    HttpResponse<Stream<String>> answer =
        http.send(request(server, path, key).build(), BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    closing(answer.body());
    return answer
        .body()
        .filter(line -> line.startsWith("data: ") || line.startsWith("event: "))
        .iterator();
  }

  private WebSocket connect(RealtimeServer server, String path) {
    URI uri = URI.create(server.uri().resolve(path).toString().replaceFirst("^http", "ws"));
    WebSocket socket =
        http.newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {}).join();
    closing(socket::abort);
    return socket;
  }

  private void awaitSessions(RealtimeServer server, int count) {
    await().until(() -> server.stats().activeConnections() == count);
  }

  @Test
  void aKeyIsTradedForATokenThatOpensTheWebSocketOfItsOwnerAlone() throws Exception {
    RealtimeServer server = guarded();
    Object token = json(post(server, "/api/v1/connections/login", ann, "")).get("access_token");

    connect(server, "/ws/ann?token=" + token);

    await()
        .until(() ->
            server.sessions().stream()
                .anyMatch(
                    session -> session.principal().map(Principal::id).equals(Optional.of("ann"))));
    assertThatThrownBy(() -> connect(server, "/ws/root?token=" + token))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(403));
    assertThat(post(server, "/api/v1/connections/login", "pk_wrong", "").statusCode())
        .isEqualTo(401);
    assertThat(post(server, "/api/v1/connections/login", "", "").statusCode()).isEqualTo(401);
  }

  @Test
  void statsAndListTellWhoIsConnectedAndWhereTheyAre() throws Exception {
    RealtimeServer server = open();
    WebSocket socket = connect(server, "/ws");
    socket.sendText("{\"type\":\"join_room\",\"payload\":{\"room\":\"lobby\"}}", true).join();
    await().until(() -> server.stats().rooms() == 1);

    Map<String, @Nullable Object> stats = json(get(server, "/api/v1/connections/stats", ""));
    assertThat(stats)
        .containsEntry("active_connections", 1)
        .containsEntry("rooms", 1)
        .containsEntry("reconnections", 0)
        .containsKey("messages_per_second");
    assertThat(get(server, "/api/v1/connections/list", "").body())
        .contains("\"transport\":\"websocket\"", "\"rooms\":[\"lobby\"]", "\"topics\":[]");
    assertThat(get(server, "/api/v1/connections/list?limit=0", "").statusCode()).isEqualTo(400);
  }

  @Test
  void aSessionThatComesWithAnOffsetIsAReconnection() {
    RealtimeServer server = open();
    String offset = server.publish("room/a", Message.of("m", 1)).join().at().orElseThrow().token();
    WebSocket socket = connect(server, "/ws");
    for (String room : List.of("a", "b")) {
      String join =
          "{\"type\":\"join_room\",\"payload\":{\"room\":\"%s\",\"offset\":\"%s\"}}"
              .formatted(room, offset);
      socket.sendText(join, true).join();
    }

    await().until(() -> server.stats().rooms() == 2);
    assertThat(server.stats().reconnections()).isEqualTo(1);
  }

  @Test
  void theNewestMessagesOfARoomAreRead() throws Exception {
    RealtimeServer server = open();
    for (int i = 0; i < 5; i++) {
      server.publish("room/lobby", Message.of("new_message", "line " + i)).join();
    }

    Map<String, @Nullable Object> answer =
        json(get(server, "/api/v1/connections/rooms/lobby/history?limit=2", ""));
    assertThat((List<?>) Objects.requireNonNull(answer.get("messages")))
        .extracting(message -> ((Map<?, ?>) message).get("payload"))
        .hasToString("[line 3, line 4]");
    assertThat(get(server, "/api/v1/connections/rooms/none/history", "").body())
        .isEqualTo("{\"messages\":[]}");
  }

  @Test
  void aMessageIsStoredAndThenWhoeverItIsToIsTold() throws Exception {
    RealtimeServer server = guarded();
    Iterator<String> told = stream(server, "/notifications/root", admin);
    awaitSessions(server, 1);

    Map<String, @Nullable Object> sent =
        json(
            post(
                server,
                "/messages",
                ann,
                "{\"from_user\":\"ann\",\"to_user\":\"root\",\"message\":\"hello\"}"));

    assertThat(sent).containsEntry("status", "sent").containsKey("id");
    assertThat(told.next()).isEqualTo("event: notification");
    assertThat(told.next())
        .isEqualTo("data: {\"type\":\"new_message\",\"from\":\"ann\",\"message\":\"hello\"}");
    assertThat(new String(server.history("notifications/root", 10).getFirst(), UTF_8))
        .contains("\"id\":\"" + sent.get("id") + "\"");
  }

  @Test
  void nobodyReadsOrWritesInTheNameOfAnother() throws Exception {
    RealtimeServer server = guarded();
    String letter = "{\"from_user\":\"root\",\"to_user\":\"ann\",\"message\":\"hello\"}";

    assertThat(post(server, "/messages", ann, letter).statusCode()).isEqualTo(403);
    assertThat(post(server, "/messages", "", letter).statusCode()).isEqualTo(401);
    assertThat(get(server, "/notifications/root", ann).statusCode()).isEqualTo(403);
    assertThat(get(server, "/notifications/root", "").statusCode()).isEqualTo(401);
    assertThat(get(server, "/api/v1/connections/list", "").statusCode()).isEqualTo(401);
    assertThat(
            post(server, "/api/v1/events/publish", admin, "{\"type\":\"A\",\"client_id\":\"ann\"}")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void eventsBeginWithAGreetingAndShowPayloadsAlone() throws Exception {
    RealtimeServer server = guarded();
    Iterator<String> events = stream(server, "/events", ann);
    assertThat(events.next()).startsWith("data: {").contains("\"message\":\"Connected\"");
    awaitSessions(server, 1);
    await().until(() -> server.sessions().iterator().next().topics().contains("events"));

    new EventFeed(server, InstantSource.system()).tell(0.5).join();
    assertThat(events.next())
        .matches("data: \\{\"count\":1,\"timestamp\":\"[^\"]+\",\"value\":0.5}");
    String status =
        "{\"type\":\"STATUS\",\"payload\":{\"service\":\"api\"},\"client_id\":\"root\"}";
    assertThat(json(post(server, "/api/v1/events/publish", admin, status)))
        .containsEntry("status", "published")
        .containsKeys("id", "offset");
    assertThat(events.next()).isEqualTo("data: {\"service\":\"api\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/events/publish | {'type':'A'} | 403 | 200",
        "/api/v1/events/publish | {'type':'A','topic':'room/x'} | 403 | 403",
        "/api/v1/events/publish | {'payload':1} | 400 | 400",
        "/api/v1/events/publish | {'type':'A','topic':''} | 400 | 400",
        "/api/v1/events/publish | nonsense | 400 | 400",
        "/messages | {'from_user':'ann','to_user':'x'} | 400 | 403",
        "/messages | {'to_user':'x','message':'m'} | 400 | 400",
      })
  void wrongBodiesAndWrongRolesAreRefused(String path, String body, int user, int administrator)
      throws Exception {
    RealtimeServer server = guarded();
    String json = body.replace('\'', '"');

    assertThat(post(server, path, ann, json).statusCode()).as("ann").isEqualTo(user);
    assertThat(post(server, path, admin, json).statusCode()).as("root").isEqualTo(administrator);
  }

  @Test
  void progressIsShownFromTheBeginningAndEndsWithTheLastReport() throws Exception {
    RealtimeServer server = guarded();
    Progress progress = new Progress(server);
    progress.report("7", 40, "encoding").join();
    Iterator<String> reports = stream(server, "/upload/7/progress", ann);
    assertThat(reports.next()).contains("Connected");
    assertThat(reports.next()).isEqualTo("data: {\"percentage\":40,\"status\":\"encoding\"}");

    progress.report("7", 100, "complete").join();

    assertThat(reports.next()).isEqualTo("data: {\"percentage\":100,\"status\":\"complete\"}");
    assertThat(reports.hasNext()).as("the stream goes on").isFalse();
    assertThatThrownBy(() -> progress.report("7", 101, "more"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("percentage was '101'");
  }

  @Test
  void withoutAGuardCallersOfThisMachineMayChangeThingsAndForeignPagesMayNot() throws Exception {
    RealtimeServer server = open();
    String letter = "{\"from_user\":\"ann\",\"to_user\":\"bob\",\"message\":\"hello\"}";

    assertThat(json(post(server, "/messages", "", letter))).containsEntry("status", "sent");
    HttpRequest foreign =
        request(server, "/messages", "")
            .header("Origin", "https://example.org")
            .POST(BodyPublishers.ofString(letter))
            .build();
    assertThat(http.send(foreign, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void withoutAGuardCallersFromElsewhereAreRefused() throws Exception {
    RealtimeServer server = open();
    Request request =
        Request.builder("POST", server.uri().resolve("/messages"))
            .peer(new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 1234))
            .body("{}".getBytes(UTF_8))
            .build();

    assertThatThrownBy(() -> new Messages(server).handle(request))
        .hasMessageContaining("credentials are needed");
  }
}
