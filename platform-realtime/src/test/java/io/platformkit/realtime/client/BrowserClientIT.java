package io.platformkit.realtime.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.Proofs;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.browser.Browser;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.RealtimeServerBuilder;
import io.platformkit.realtime.server.ServerCase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** {@code platform-kit.js} in a browser, with a bad network between it and two nodes. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserClientIT extends ServerCase {
  private static final TopicOptions KEPT =
      TopicOptions.builder().history(10_000).publishers(TopicAccess.ANYBODY).build();
  private static final TopicOptions BRIEF =
      TopicOptions.builder().history(10).publishers(TopicAccess.ANYBODY).build();

  private @Nullable Browser started;
  private InMemoryEventLog log = InMemoryEventLog.create();
  private InMemoryMessageBus bus = InMemoryMessageBus.create();

  @BeforeAll
  void openBrowser() {
    Browser.requireInstalled();
    started = Browser.open();
  }

  @AfterAll
  void closeBrowser() {
    if (started != null) {
      started.close();
    }
  }

  @BeforeEach
  void shareLogAndBus() {
    log = closing(InMemoryEventLog.create());
    bus = closing(InMemoryMessageBus.create());
  }

  @AfterEach
  void leavePage() {
    browser().driver().get("about:blank");
  }

  private Browser browser() {
    return Objects.requireNonNull(started);
  }

  /** A node that is not started yet. */
  private RealtimeServer node() {
    return closing(options().build());
  }

  private RealtimeServerBuilder options() {
    return RealtimeServer.builder()
        .log(log)
        .bus(bus)
        .signingKey(new byte[32])
        .topic("news/*", KEPT)
        .topic("brief/*", BRIEF)
        .topic("room/*", KEPT)
        .topic("live/*", TopicOptions.builder().publishers(TopicAccess.ANYBODY).build())
        .topic("closed/*", TopicOptions.builder().subscribers(TopicAccess.NOBODY).build())
        .mount("/client", BrowserClient.files())
        .mount("/page", ClientPage.files());
  }

  private RealtimeServer startedNode() {
    RealtimeServer node = node();
    node.start();
    return node;
  }

  private TcpProxy proxyTo(RealtimeServer node) {
    return closing(TcpProxy.to("127.0.0.1", node.uri().getPort()));
  }

  private ClientPage page(TcpProxy proxy) {
    return ClientPage.open(browser(), proxy.port());
  }

  private static List<Object> numbers(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).boxed().toList());
  }

  @Test
  void itHasEveryMessageOnceInOrderHoweverOftenItIsCut() {
    AtomicInteger sessions = new AtomicInteger();
    RealtimeServer one = node();
    RealtimeServer other = node();
    for (RealtimeServer node : List.of(one, other)) {
      node.onOpen(session -> sessions.incrementAndGet());
      node.start();
    }
    TcpProxy proxy = proxyTo(one);
    ClientPage page = page(proxy).start("{}");
    page.receive("news/a", "{}");
    page.run("client.join('tea', ({ type, payload }) => type === 'n' && kept.push(payload))");
    page.run("kept = []");
    page.awaitState("streaming");

    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Integer> publishing =
        CompletableFuture.supplyAsync(() -> publishUntil(stopped, one, other));
    int cuts = Proofs.times(30, 300);
    for (int i = 0; i < cuts; i++) {
      int before = sessions.get();
      proxy.forwardTo("127.0.0.1", (i % 2 == 0 ? other : one).uri().getPort());
      proxy.cut();
      await().atMost(Duration.ofSeconds(30)).until(() -> sessions.get() > before);
    }
    stopped.set(true);
    int published = publishing.join();

    page.awaitTrue("seen.payloads['news/a'].length >= %d".formatted(published));
    page.awaitTrue("kept.length >= %d".formatted(published));
    assertThat(page.payloads("news/a")).isEqualTo(numbers(0, published));
    assertThat(page.list("kept")).isEqualTo(numbers(0, published));
    assertThat(page.list("seen.gaps['news/a']")).isEmpty();
    assertThat(page.list("seen.errors")).isEmpty();
  }

  private static int publishUntil(AtomicBoolean stopped, RealtimeServer one, RealtimeServer other) {
    int n = 0;
    for (; !stopped.get(); n++) {
      RealtimeServer node = n % 2 == 0 ? one : other;
      node.publish("news/a", Message.of("n", n)).join();
      node.publish("room/tea", Message.of("n", n)).join();
      LockSupport.parkNanos(1_000_000);
    }
    return n;
  }

  @Test
  void withServerSentEventsItHasEveryMessageOnceTooAndSaysItsOwn() {
    AtomicInteger sessions = new AtomicInteger();
    RealtimeServer one = node();
    RealtimeServer other = node();
    for (RealtimeServer node : List.of(one, other)) {
      node.onOpen(session -> sessions.incrementAndGet());
      node.start();
    }
    TcpProxy proxy = proxyTo(one);
    ClientPage page = page(proxy).start("{ transport: 'sse' }");
    page.receive("news/a", "{}");
    page.run(
        "said = 0; setInterval(() => client.publish('news/a', 'own', 'own').then(() => said++), 50)");

    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Integer> publishing =
        CompletableFuture.supplyAsync(() -> publishUntil(stopped, one, other));
    int cuts = Proofs.times(10, 300);
    for (int i = 0; i < cuts; i++) {
      int before = sessions.get();
      proxy.forwardTo("127.0.0.1", (i % 2 == 0 ? other : one).uri().getPort());
      proxy.cut();
      await().atMost(Duration.ofSeconds(30)).until(() -> sessions.get() > before);
    }
    page.awaitTrue("said >= 10");
    stopped.set(true);
    int published = publishing.join();

    page.awaitTrue("seen.payloads['news/a'].filter(Number.isInteger).length >= " + published);
    assertThat(page.list("seen.payloads['news/a'].filter(Number.isInteger)"))
        .isEqualTo(numbers(0, published));
    assertThat(page.list("seen.gaps['news/a']")).isEmpty();
    assertThat(page.list("seen.errors")).isEmpty();
    assertThat(page.text("client.transport")).isEqualTo("sse");
  }

  @Test
  void whereNoWebSocketOpensItTakesServerSentEvents() {
    RealtimeServer node = closing(options().authenticator(NAMES).build());
    node.on("double", Integer.class, (from, n) -> from.reply(n * 2));
    node.start();
    ClientPage page = page(proxyTo(node)).start("{ token: () => 'ann', webSocketPath: 'none' }");
    page.receive("news/a", "{}");
    page.run("keep('tea', client.join('tea'))");
    page.run("for (let i = 0; i < 20; i++) keep('p' + i, client.publish('news/a', 'n', i))");
    page.run("keep('doubled', client.request('double', 21))");

    page.awaitTrue("seen.results.doubled === 42 && 'tea' in seen.results");
    page.awaitTrue("seen.payloads['news/a'].length === 20");
    assertThat(page.payloads("news/a")).isEqualTo(numbers(0, 20));
    assertThat(page.text("client.transport")).isEqualTo("sse");
    page.run("keep('refreshed', client.refresh('ann'))");
    page.awaitTrue("'refreshed' in seen.results");
    page.run("client.close()");
    await().until(() -> node.sessions().isEmpty());
    assertThat(page.number("activeTimers()")).isZero();
  }

  @Test
  void onServerSentEventsItIsToldWhyItIsRefused() {
    RealtimeServer node = closing(options().authenticator(NAMES).build());
    node.start();
    ClientPage page = page(proxyTo(node));
    page.run("asked = 0");
    page.start("{ transport: 'sse', token: () => (asked++, 'wrong') }");

    page.awaitTrue("seen.errors.includes('4501')");
    assertThat(page.number("asked")).isEqualTo(2);
    page.run("asked = 0; seen.states = []");
    Instant soon = Instant.now().plusSeconds(2);
    page.start(
        "{ transport: 'sse', token: () => (asked++ === 0 ? 'ann@%s' : 'ann') }".formatted(soon));
    page.awaitTrue("asked === 2 && client.state === 'streaming'");
  }

  @Test
  void itTellsWhatStateItIsInAndLeavesNoTimerBehind() {
    TcpProxy proxy = proxyTo(startedNode());
    ClientPage page = page(proxy);
    page.run("start(); receive('news/a')");
    page.awaitState("streaming");
    proxy.cut();
    page.awaitTrue("seen.states.length >= 7");
    page.awaitState("streaming");
    assertThat(page.number("activeTimers()")).isPositive();

    page.run("client.close()");
    page.awaitState("offline");

    assertThat(page.text("seen.states.join(' ')"))
        .isEqualTo("connecting syncing streaming offline connecting syncing streaming offline");
    assertThat(page.text("seen.transports.at(-2)")).isEqualTo("websocket");
    assertThat(page.number("activeTimers()")).isZero();
  }

  @Test
  void whatCannotBeToldAnyMoreIsOneGap() {
    RealtimeServer node = startedNode();
    TcpProxy proxy = proxyTo(node);
    ClientPage page = page(proxy).start("{}");
    page.receive("brief/a", "{}");
    page.receive("live/a", "{}");
    page.receive("news/a", "{}");
    proxy.refuse();
    page.awaitTrue("seen.states.includes('offline')");
    Position first = published(node, "brief/a", 0);
    for (int i = 1; i < 100; i++) {
      published(node, "brief/a", i);
    }
    published(node, "news/a", 1);
    await().until(() -> log.read("brief/a", first, 1) instanceof Read.Gap);
    proxy.forwardTo("127.0.0.1", startedNode().uri().getPort());
    proxy.restore();

    page.awaitTrue("seen.gaps['brief/a'].length === 1");
    page.awaitTrue("seen.gaps['live/a'].length === 1");
    page.awaitTrue("seen.payloads['news/a'].length === 1");
    node.publish("brief/a", Message.of("n", "next")).join();
    page.awaitTrue("seen.payloads['brief/a'].at(-1) === 'next'");
    assertThat(page.list("seen.gaps['brief/a']")).containsExactly("trimmed");
    assertThat(page.list("seen.gaps['live/a']")).containsExactly("missed");
    assertThat(page.list("seen.gaps['news/a']")).isEmpty();
  }

  private static Position published(RealtimeServer node, String topic, int n) {
    return node.publish(topic, Message.of("n", n)).join().at().orElseThrow();
  }

  @Test
  void whatIsSentOfflineGoesOutInOrderAndOnce() {
    RealtimeServer node = startedNode();
    TcpProxy proxy = proxyTo(node);
    ClientPage page = page(proxy).start("{ queue: 3 }");
    page.receive("news/a", "{}");
    page.awaitState("streaming");
    proxy.refuse();
    page.awaitTrue("seen.states.includes('offline')");
    page.run("for (let i = 0; i < 4; i++) keep('p' + i, client.publish('news/a', 'n', i))");
    page.awaitTrue("seen.results.p3 === 'queue_full'");
    proxy.restore();

    page.awaitTrue("seen.results.p2?.duplicate === false");
    page.awaitTrue("seen.payloads['news/a'].length === 3");
    assertThat(page.payloads("news/a")).isEqualTo(numbers(0, 3));
  }

  @Test
  void aPublishWhoseAnswerWasLostIsPublishedOnce() throws Exception {
    TcpProxy proxy = proxyTo(startedNode());
    ClientPage page = page(proxy).start("{}");
    page.receive("news/a", "{}");
    page.awaitState("streaming");
    proxy.dropReplies();
    page.run("keep('first', client.publish('news/a', 'n', 1))");
    page.run("keep('asked', client.request('nothing'))");
    proxy.awaitDroppedReply();
    proxy.cut();
    proxy.restore();

    page.awaitTrue("seen.results.first?.duplicate === true");
    page.awaitTrue("seen.results.asked === 'disconnected'");
    page.run("keep('second', client.publish('news/a', 'n', 2))");
    page.awaitTrue("seen.payloads['news/a'].length === 2");
    assertThat(page.payloads("news/a")).containsExactly(1, 2);
  }

  @Test
  void aBurstArrivesInOrder() {
    TcpProxy proxy = proxyTo(startedNode());
    ClientPage page = page(proxy).start("{}");
    page.receive("news/a", "{}");
    page.run(
        "for (let i = 0; i < 400; i++) keep('p' + i, client.publish('news/a', 'n', i).then(() => i))");
    page.awaitTrue("seen.payloads['news/a'].length === 400");
    assertThat(page.payloads("news/a")).isEqualTo(numbers(0, 400));
    page.awaitTrue("Object.keys(seen.results).length === 401");
    assertThat(page.list("seen.states")).doesNotContain("offline");
  }

  @Test
  void whatTheServerFindsTooManyIsSentAgain() {
    RealtimeServer node = closing(options().messagesPerSecond(60).build());
    node.start();
    ClientPage page = page(proxyTo(node)).start("{}");
    page.receive("news/a", "{}");
    page.run("for (let i = 0; i < 200; i++) keep('p' + i, client.publish('news/a', 'n', i))");
    page.awaitTrue("Object.keys(seen.results).length === 201");
    page.awaitTrue("seen.payloads['news/a'].length === 200");
    assertThat(page.payloads("news/a")).containsExactlyInAnyOrderElementsOf(numbers(0, 200));
    assertThat(page.list("seen.states")).doesNotContain("offline");
  }

  @Test
  void itRenewsItsCredentialsWhenTheyExpireAndOnceWhenTheyAreRefused() {
    RealtimeServer node = closing(options().authenticator(NAMES).build());
    node.start();
    TcpProxy proxy = proxyTo(node);
    ClientPage page = page(proxy);
    page.run("asked = 0");
    Instant soon = Instant.now().plusSeconds(2);
    page.start("{ token: () => (asked++ === 0 ? 'ann@%s' : 'ann') }".formatted(soon));
    page.receive("news/a", "{}");
    page.awaitTrue("asked === 2 && client.state === 'streaming'");

    page.run("keep('refreshed', client.refresh('ann@%s'))".formatted(soon.plusSeconds(600)));
    page.awaitTrue("seen.results.refreshed === null");
    page.run("keep('stolen', client.refresh('ben'))");
    page.awaitTrue("seen.results.stolen === 'forbidden'");
    page.run("client.close(); asked = 0; seen.states = []");

    page.start("{ token: async () => (asked++, 'wrong') }");
    page.awaitTrue("seen.errors.includes('4501')");
    assertThat(page.number("asked")).isEqualTo(2);
    assertThat(page.text("client.state")).isEqualTo("offline");
    assertThat(page.number("activeTimers()")).isZero();
  }

  @Test
  void aPageOfAnotherOriginGetsNoConnection() {
    TcpProxy proxy = proxyTo(startedNode());
    RealtimeServer other = startedNode();
    ClientPage page = page(proxy).start("{ url: '%s' }".formatted(other.uri()));

    page.awaitTrue("seen.states.filter((state) => state === 'offline').length >= 4");
    assertThat(page.list("seen.states")).doesNotContain("streaming", "syncing");
    assertThat(other.sessions()).isEmpty();
  }

  @Test
  void aPageOfAnAllowedOriginConnectsByEitherTransport() {
    TcpProxy proxy = proxyTo(startedNode());
    String origin = "http://127.0.0.1:" + proxy.port();
    RealtimeServer other = closing(options().authenticator(NAMES).allowOrigin(origin).build());
    other.start();
    for (String transport : List.of("websocket", "sse")) {
      String to = "url: '%s', transport: '%s'".formatted(other.uri(), transport);
      String topic = "news/" + transport;
      ClientPage page = page(proxy).start("{ %s, token: 'ann' }".formatted(to));
      page.receive(topic, "{}");
      page.run("keep('own', client.publish('%s', 'n', 1))".formatted(topic));
      page.awaitTrue("seen.payloads['%s'].length === 1".formatted(topic));
      page.run("client.close()");

      page.start("{ %s, token: 'wrong' }".formatted(to));
      page.awaitTrue("seen.errors.includes('4501')");
    }
  }

  @Test
  void whenANodeStopsItGoesOnWithAnother() {
    RealtimeServer one = node();
    one.start();
    RealtimeServer other = startedNode();
    TcpProxy proxy = proxyTo(one);
    ClientPage page = page(proxy).start("{}");
    page.receive("news/a", "{}");
    page.awaitState("streaming");
    one.publish("news/a", Message.of("n", 0)).join();
    proxy.forwardTo("127.0.0.1", other.uri().getPort());

    one.close();

    other.publish("news/a", Message.of("n", 1)).join();
    page.awaitTrue("seen.payloads['news/a'].length === 2");
    assertThat(page.payloads("news/a")).containsExactly(0, 1);
    assertThat(other.sessions()).hasSize(1);
  }

  @Test
  void bothSidesAskAndAnswer() {
    CompletableFuture<Session> session = new CompletableFuture<>();
    RealtimeServer node = node();
    node.onOpen(session::complete);
    node.on("double", Integer.class, (from, n) -> from.reply(n * 2));
    node.on("tell", String.class, (from, text) -> from.send("told", text));
    node.onBinary((from, bytes) -> from.send(bytes));
    node.start();
    ClientPage page = page(proxyTo(node)).start("{}");
    page.run("told = []; client.on('told', ({ payload }) => told.push(payload))");
    page.run("client.onRequest('add', ({ a, b }) => a + b)");
    page.run("client.addEventListener('binary', ({ detail }) => told.push(detail.byteLength))");

    page.run("keep('doubled', client.request('double', 21))");
    page.run("keep('unknown', client.request('nothing'))");
    page.run("client.send('tell', 'hello'); client.send('nothing')");
    page.awaitTrue("seen.results.doubled === 42 && seen.results.unknown === 'unknown_type'");
    page.awaitTrue("told[0] === 'hello' && seen.errors[0] === 'unknown_type'");
    page.run("client.sendBinary(new Uint8Array(3))");
    page.awaitTrue("told[1] === 3");
    byte[] answer =
        session.join().request("add", Map.of("a", 1, "b", 2), Duration.ofSeconds(30)).join();
    assertThat(new String(answer, UTF_8)).isEqualTo("3");
  }

  @Test
  void aTopicThatIsRefusedIsToldToWhoWantedIt() {
    ClientPage page = page(proxyTo(startedNode())).start("{}");
    page.receive("closed/a", "{}");
    assertThat(page.text("seen.results['subscribe closed/a']")).isEqualTo("refused");
    page.run("keep('tea', client.join('tea'))");
    page.awaitTrue("'tea' in seen.results");
    page.run("client.leave('tea'); client.unsubscribe('closed/a')");
    page.run("keep('again', client.join('tea'))");
    page.awaitTrue("typeof seen.results.again?.offset === 'string'");
    assertThat(page.list("seen.errors")).containsExactly("refused");
  }

  @Test
  void itBeginsWhereItIsAskedToAndGoesOnFromThere() {
    RealtimeServer node = startedNode();
    for (int n = 0; n < 3; n++) {
      published(node, "news/a", n);
    }
    TcpProxy proxy = proxyTo(node);
    ClientPage page = page(proxy).start("{}");
    page.receive("news/a", "{ from: 'oldest' }");
    page.awaitTrue("seen.payloads['news/a'].length === 3");
    proxy.cut();
    published(node, "news/a", 3);

    page.awaitTrue("seen.payloads['news/a'].length === 4");
    assertThat(page.payloads("news/a")).isEqualTo(numbers(0, 4));
  }

  @Test
  void aTopicThatNobodyCanTellAboutNowIsAskedForAgain() {
    AtomicInteger asked = new AtomicInteger();
    TopicAccess twice =
        (principal, topic) -> {
          if (asked.incrementAndGet() <= 2) {
            throw new UnavailableException("of the test", new IOException("away"));
          }
          return true;
        };
    RealtimeServer node =
        closing(
            options().topic("later/*", TopicOptions.builder().subscribers(twice).build()).build());
    node.start();
    ClientPage page = page(proxyTo(node)).start("{}");
    page.receive("later/a", "{}");
    assertThat(page.text("JSON.stringify(seen.results['subscribe later/a'])")).isEqualTo("{}");
    assertThat(asked).hasValue(3);
  }

  @Test
  void aServerThatIsSilentIsAskedAndThenGivenUp() {
    TcpProxy proxy = proxyTo(startedNode());
    ClientPage page = page(proxy).start("{ heartbeat: 200, patience: 1000 }");
    page.awaitState("streaming");
    proxy.holdReplies();
    page.awaitTrue("seen.states.includes('degraded')");
    page.awaitTrue("seen.states.includes('offline')");
    proxy.cut();
    proxy.restore();
    page.awaitState("streaming");
    assertThat(page.text("seen.states.slice(0, 4).join(' ')"))
        .isEqualTo("connecting streaming degraded offline");
  }

  @Test
  void whenTheNetworkIsBackItTriesAtOnce() {
    TcpProxy proxy = proxyTo(startedNode());
    ClientPage page = page(proxy).start("{ minDelay: 1e8, maxDelay: 1e8 }");
    page.awaitState("streaming");
    proxy.cut();
    page.awaitState("offline");

    page.run("window.dispatchEvent(new Event('online'))");

    page.awaitState("streaming");
  }

  @Test
  void aFaultOfThePagesHandlersEndsNothing() {
    RealtimeServer node = startedNode();
    ClientPage page = page(proxyTo(node)).start("{}");
    page.run("faults = 0; window.addEventListener('error', () => faults++)");
    page.run("client.on('n', () => { throw new Error('of the page') })");
    page.receive("news/a", "{}");
    node.publish("news/a", Message.of("n", 1)).join();
    node.publish("news/a", Message.of("n", 2)).join();
    page.awaitTrue("faults === 2");
    assertThat(page.payloads("news/a")).containsExactly(1, 2);
  }
}
