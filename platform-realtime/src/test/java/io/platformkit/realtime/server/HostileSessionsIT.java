package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.platformkit.core.Bounds;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.jwt.SigningKey;
import io.platformkit.core.jwt.TokenIssuer;
import io.platformkit.realtime.http.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that mean ill: each is refused or sent away, at no cost to others. */
@Timeout(120)
class HostileSessionsIT extends ServerCase {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private RealtimeServer counting(RealtimeServerBuilder builder) {
    return started(builder.meterRegistry(meters));
  }

  private double refused(String reason) {
    return meters.counter("platform.realtime.refused", "reason", reason).count();
  }

  @Test
  void aMessageThatIsTooLargeEndsItsSenderAlone() {
    RealtimeServer server = counting(RealtimeServer.builder().maxMessageBytes(1024));
    TestClient other = client(server);
    TestClient large = client(server);

    large.sendText("{\"type\":\"ping\",\"payload\":\"%s\"}".formatted("x".repeat(1024)));

    assertThat(large.closeCode()).isEqualTo(1009);
    other.send("ping", "1", null);
    other.await("pong");
  }

  @Test
  void tenThousandSubscriptionsAreRefusedButForThoseThatOneMayHave() {
    RealtimeServer server = counting(RealtimeServer.builder().messagesPerSecond(1000));
    TestClient greedy = client(server);
    for (int i = 0; i < 10_000; i += 500) {
      List<String> topics =
          IntStream.range(i, i + 500).mapToObj(number -> "topic-" + number).toList();
      greedy.send("subscribe", "s" + i, Map.of("topics", topics));
    }

    await().until(() -> greedy.messages("subscribed").size() == 20);
    assertThat(server.sessions().iterator().next().topics()).hasSize(128);
    assertThat(refused("subscription")).isEqualTo(10_000 - 128);
    greedy.send("ping", "1", null);
    greedy.await("pong");
  }

  @Test
  void tokensThatAreNotRightAreRefusedAtTheDoor() throws Exception {
    SigningKey key =
        SigningKey.secret("k", "a secret of more than thirty-two bytes".getBytes(UTF_8));
    SigningKey other =
        SigningKey.secret("k", "another secret of more than 32 bytes..".getBytes(UTF_8));
    TokenIssuer issuer = TokenIssuer.builder("us", "realtime", key).build();
    RealtimeServer server =
        counting(RealtimeServer.builder().authenticator(issuer.authenticator()));
    Authenticated ann = new Authenticated(Principal.of("ann"), Optional.empty());
    String right = issuer.issue(ann).text();
    closing(TestClient.connect(server, "/ws/ann", right)).await("connected");

    String wrongKey = TokenIssuer.builder("us", "realtime", other).build().issue(ann).text();
    InstantSource yesterday = InstantSource.fixed(Instant.now().minus(Duration.ofDays(1)));
    String expired =
        TokenIssuer.builder("us", "realtime", key).clock(yesterday).build().issue(ann).text();
    String none =
        Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8))
            + right.substring(right.indexOf('.'), right.lastIndexOf('.') + 1);
    for (String wrong : List.of(wrongKey, expired, none, "nothing", right + "x")) {
      assertThatThrownBy(() -> TestClient.connect(server, "/ws", wrong))
          .hasStackTraceContaining("401");
    }
    assertThat(refused("credentials")).isEqualTo(5);
  }

  @Test
  void anAddressHasSoManyConnectionsAndNoMore() {
    RealtimeServer server = counting(RealtimeServer.builder().connectionsPerAddress(2));
    TestClient first = client(server);
    client(server);
    assertThatThrownBy(() -> TestClient.connect(server)).hasStackTraceContaining("429");
    first.cut();
    await().until(() -> server.sessions().size() == 1);
    await().untilAsserted(() -> client(server));
  }

  @Test
  void namesThatAreNoTopicsAndOffsetsThatAreNoneAreToldSo() {
    RealtimeServer server = counting(RealtimeServer.builder());
    TestClient client = client(server);
    String tooLong = "x".repeat(Bounds.NAME_BYTES + 1);
    client.send(
        "subscribe",
        "1",
        Map.of("topics", List.of("", tooLong, "a"), "offsets", Map.of("a", "nowhere")));

    Map<?, ?> refused = (Map<?, ?>) requireNonNull(client.payload("subscribed").get("refused"));
    assertThat(refused).hasSize(3);
    assertThat(String.valueOf(refused.get("a"))).contains("position was 'nowhere'");
    client.send("subscribe", "2", Map.of("topics", List.of()));
    assertThat(client.payload("error")).containsEntry("code", "malformed");
  }

  @Test
  void aHostAddsItToConnectionsOfItsOwn() {
    RealtimeServer server = counting(RealtimeServer.builder().withoutPort());
    EventLoops loops = closing(EventLoops.best("host"));
    Channel listener =
        loops
            .bootstrap()
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    server.addTo(channel.pipeline());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    int port = ((InetSocketAddress) listener.localAddress()).getPort();

    TestClient client = closing(TestClient.connect(URI.create("http://127.0.0.1:" + port)));

    client.await("connected");
    assertThatThrownBy(server::uri).isInstanceOf(IllegalStateException.class);
  }
}
