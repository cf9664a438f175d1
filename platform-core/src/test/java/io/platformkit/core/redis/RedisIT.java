package io.platformkit.core.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.LeaseLostException;
import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.Retention;
import io.platformkit.core.log.Tail;
import io.platformkit.core.log.TailListener;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is special about Redis; the rest is in the contracts of the ports. */
@Timeout(60)
class RedisIT {
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final String namespace = UUID.randomUUID().toString();

  @AfterEach
  void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private <T extends AutoCloseable> T closing(T something) {
    toClose.push(something);
    return something;
  }

  private RedisServerProcess server(String... settings) {
    return closing(RedisServerProcess.start(settings));
  }

  private Redis redis() {
    return closing(Redis.connect(RedisServerProcess.shared().uri()));
  }

  private Redis through(TcpProxy proxy) {
    return closing(Redis.connect("redis://127.0.0.1:" + proxy.port()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static List<String> texts(Read read) {
    assertThat(read).isInstanceOf(Read.Entries.class);
    return ((Read.Entries) read)
        .entries().stream().map(entry -> new String(entry.data(), UTF_8)).toList();
  }

  @Test
  void aNamespaceThatOthersDeclaredAsScannableIsRefusedAsPlain() {
    Redis redis = redis();
    redis.keyValues(KeyValueOptions.of(namespace).scanned()).put("a", bytes("1"), Ttl.NEVER);
    KeyValueStore plain = redis.keyValues(namespace);

    assertThatIllegalStateException()
        .isThrownBy(() -> plain.put("a", bytes("1"), Ttl.NEVER))
        .withMessageContaining("'" + namespace + "' was opened as plain");
  }

  @Test
  void namesOfDifferentNamespacesNeverMeet() {
    Redis redis = redis();
    redis.keyValues(namespace + ":a").put("b", bytes("1"), Ttl.NEVER);

    assertThat(redis.keyValues(namespace).get("a:b")).isEmpty();
  }

  @Test
  void aScanForgetsTheNamesOfExpiredKeys() {
    KeyValueStore store = redis().keyValues(KeyValueOptions.of(namespace).scanned());
    store.put("a", bytes("1"), Ttl.of(Duration.ofMillis(1)));
    store.put("b", bytes("2"), Ttl.NEVER);
    String names = "platform:kv-names:" + namespace;
    assertThat(RedisServerProcess.shared().tell("ZCARD", names)).isEqualTo(":2\r\n");

    await().until(() -> store.scan("", null, 10).entries().keySet().equals(Set.of("b")));

    assertThat(RedisServerProcess.shared().tell("ZCARD", names)).isEqualTo(":1\r\n");
  }

  @Test
  void scriptsThatTheServerForgotAreLoadedAgainWithoutDisorder() {
    RedisServerProcess server = server();
    EventLog log = closing(Redis.connect(server.uri())).eventLog();
    List<CompletableFuture<Position>> appends = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      appends.add(log.append("s", bytes("" + i)));
      if (i % 500 == 250) {
        server.tell("SCRIPT", "FLUSH");
      }
    }
    assertThat(appends)
        .extracting(append -> append.join().offset())
        .isEqualTo(LongStream.rangeClosed(1, 2_000).boxed().toList());
  }

  @Test
  void appendsKeepTheirOrderWhileConnectionsAreCut() {
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", RedisServerProcess.shared().port()));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    EventLog log =
        closing(Redis.builder("redis://127.0.0.1:" + proxy.port()).meterRegistry(meters).build())
            .eventLog(EventLogOptions.of(namespace));
    List<CompletableFuture<Position>> appends = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      appends.add(log.append("s", bytes("" + i)));
      if (i % 500 == 250) {
        appends.get(i - 50).join();
        proxy.cut();
      }
    }
    assertThat(appends)
        .extracting(append -> append.join().offset())
        .isEqualTo(LongStream.rangeClosed(1, 3_000).boxed().toList());
    assertThat(meters.counter("platform.core.redis.connections").count()).isGreaterThan(1);
    assertThat(meters.counter("platform.core.redis.resent").count()).isPositive();
  }

  @Test
  void aTailOfABusyStreamMissesNothingWhenItsWakeUpsAreCut() {
    RedisServerProcess server = server();
    EventLog log = closing(Redis.connect(server.uri())).eventLog();
    List<Long> offsets = new CopyOnWriteArrayList<>();
    List<TailListener.State> states = new CopyOnWriteArrayList<>();
    Tail tail =
        closing(
            log.tail(
                new TailListener() {
                  @Override
                  public void onEntries(String stream, List<Entry> entries) {
                    entries.forEach(entry -> offsets.add(entry.at().offset()));
                  }

                  @Override
                  public void onGap(String stream, Read.Gap gap) {
                    throw new AssertionError("unexpected " + gap);
                  }

                  @Override
                  public void onState(State state) {
                    states.add(state);
                  }
                }));
    tail.add("s", log.head("s"));
    for (int i = 0; i < 1_000; i++) {
      log.append("s", bytes("" + i)).join();
      if (i % 400 == 200) {
        await().until(() -> cutsSubscriptions(server));
      }
    }
    await().until(() -> offsets.size() >= 1_000);
    assertThat(offsets).isEqualTo(LongStream.rangeClosed(1, 1_000).boxed().toList());
    await().until(() -> states.contains(TailListener.State.POLLING));
    await().until(() -> states.getLast() == TailListener.State.LIVE);
  }

  /** False if there is none yet, or none again. */
  private static boolean cutsSubscriptions(RedisServerProcess server) {
    return !server.tell("CLIENT", "KILL", "TYPE", "pubsub").equals(":0\r\n");
  }

  @Test
  void entriesThatWereEvictedAreAGap() {
    EventLog log = redis().eventLog(EventLogOptions.of(namespace));
    Position head = log.head("s");
    Position last = log.append("s", bytes("1")).join();
    RedisServerProcess.shared().tell("DEL", "platform:log:" + namespace + ":s");

    assertThat(log.read("s", head, 10))
        .isInstanceOfSatisfying(
            Read.Gap.class,
            gap -> {
              assertThat(gap.why()).isEqualTo(Read.Reason.ROLLED_BACK);
              assertThat(gap.oldest()).isEqualTo(gap.head());
              assertThat(gap.head().offset()).isEqualTo(last.offset());
            });
    assertThat(log.append("s", bytes("2")).join().offset()).isEqualTo(2);
    assertThat(texts(log.read("s", Position.OLDEST, 10))).containsExactly("2");
  }

  @Nested
  class WhenTheSizeOfAStreamIsKnown {
    private final EventLog log = redis().eventLog(EventLogOptions.of(namespace));
    private final List<Position> at =
        log.appendAll("s", List.of(bytes("1"), bytes("2"), bytes("3"))).join();

    @BeforeEach
    void readOnce() {
      assertThat(texts(log.read("s", Position.OLDEST, 10))).containsExactly("1", "2", "3");
    }

    private Read.Reason gapAfter(Position position) {
      assertThat(log.read("s", position, 10)).isInstanceOf(Read.Gap.class);
      return ((Read.Gap) log.read("s", position, 10)).why();
    }

    @Test
    void everyPositionIsReadAfter() {
      assertThat(texts(log.read("s", Position.OLDEST, 2))).containsExactly("1", "2");
      assertThat(texts(log.read("s", at.get(0), 1))).containsExactly("2");
      assertThat(texts(log.read("s", at.get(0), 10))).containsExactly("2", "3");
      assertThat(texts(log.read("s", at.get(2), 10))).isEmpty();
    }

    @Test
    void whatWasTrimmedIsAGapAndItsEndIsNone() {
      log.trim("s", Retention.newest(1));

      assertThat(gapAfter(at.get(0))).isEqualTo(Read.Reason.TRIMMED);
      assertThat(texts(log.read("s", at.get(1), 1))).containsExactly("3");
      assertThat(texts(log.read("s", Position.OLDEST, 10))).containsExactly("3");
      log.trim("s", Retention.newest(0));
      assertThat(texts(log.read("s", at.get(2), 10))).isEmpty();
      assertThat(texts(log.read("s", Position.OLDEST, 10))).isEmpty();
    }

    @Test
    void anotherMarkIsAGap() {
      Position second = at.get(1);
      Position other = new Position(second.epoch(), second.offset(), second.mark() ^ 1);

      assertThat(gapAfter(other)).isEqualTo(Read.Reason.ROLLED_BACK);
      assertThat(texts(log.read("s", second, 10))).containsExactly("3");
    }

    @Test
    void evictedEntriesAreAGap() {
      RedisServerProcess.shared().tell("DEL", "platform:log:" + namespace + ":s");

      assertThat(log.read("s", at.get(2), 10)).isInstanceOf(Read.Entries.class);
      assertThat(gapAfter(at.get(1))).isEqualTo(Read.Reason.ROLLED_BACK);
    }

    @Test
    void anotherStreamOfTheSameNameIsAGap() {
      log.delete("s");

      assertThat(gapAfter(at.get(1))).isEqualTo(Read.Reason.EPOCH);
      log.append("s", bytes("other")).join();
      assertThat(texts(log.read("s", Position.OLDEST, 10))).containsExactly("other");
    }

    @Test
    void aPageHasNoMoreBytesThanBefore() {
      for (int i = 0; i < 20; i++) {
        log.append("s", new byte[1 << 20]).join();
      }
      assertThat(log.read("s", at.get(2), 1)).isInstanceOf(Read.Entries.class);

      assertThat(((Read.Entries) log.read("s", at.get(2), 100)).entries()).hasSizeBetween(1, 12);
      log.delete("s");
    }
  }

  @Test
  void largeEntriesAreReadInSeveralAnswers() {
    EventLog log = redis().eventLog(EventLogOptions.of(namespace));
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      log.append("s", large).join();
    }
    Position at = Position.OLDEST;
    List<Integer> sizes = new ArrayList<>();
    do {
      Read.Entries read = (Read.Entries) log.read("s", at, 1_000);
      sizes.add(read.entries().size());
      at = read.entries().getLast().at();
    } while (at.offset() < 40);
    assertThat(sizes).hasSizeGreaterThan(1).allSatisfy(size -> assertThat(size).isBetween(1, 12));
    log.delete("s");
  }

  @Test
  void aScriptOfTheHostRunsOnlyWhileTheLeaseIsHeld() {
    Redis redis = redis();
    RedisLeases leases = redis.leases(namespace);
    byte[] key = bytes("host:" + namespace);
    String script = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])";
    Lease stale = leases.tryAcquire("a", Duration.ofMillis(50)).orElseThrow();
    await().until(() -> redis.leases(namespace).tryAcquire("a", Duration.ofMinutes(1)).isPresent());

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> leases.runIfHeld(stale, script, List.of(key), List.of(bytes("x"))))
        .satisfies(lost -> assertThat(lost.token()).isEqualTo(stale.token()));
    Lease held = leases.tryAcquire("b", Duration.ofMinutes(1)).orElseThrow();
    Optional<Object> answer = leases.runIfHeld(held, script, List.of(key), List.of(bytes("1")));
    assertThat(answer).hasValueSatisfying(value -> assertThat(value).isEqualTo(bytes("1")));
    assertThat(leases.runIfHeld(held, "return nil", List.of(), List.of())).isEmpty();
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> leases.runIfHeld(held, "nonsense", List.of(), List.of()));
  }

  @Test
  void theServerRefusesAHolderThatDoesNotKnowThatItsLeaseIsOver() {
    RedisServerProcess server = server();
    RedisLeases leases = closing(Redis.connect(server.uri())).leases();
    Lease lease = leases.tryAcquire("a", Duration.ofMinutes(1)).orElseThrow();
    server.tell("FLUSHALL");
    Lease other = leases.tryAcquire("a", Duration.ofMinutes(1)).orElseThrow();

    assertThat(other.token()).isGreaterThan(lease.token());
    assertThat(lease.remaining()).isPositive();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> leases.runIfHeld(lease, "return 1", List.of(), List.of()));
    assertThat(leases.runIfHeld(other, "return 1", List.of(), List.of())).contains(1L);
  }

  @Test
  void aRestartThatLosesEntriesIsFoundOut() {
    RedisServerProcess server = server();
    EventLog log =
        closing(Redis.builder(server.uri()).timeout(Duration.ofSeconds(20)).build()).eventLog();
    Position kept = log.append("s", bytes("1")).join();
    server.tell("SAVE");
    Position lost = log.append("s", bytes("2")).join();
    server.restart();
    log.append("s", bytes("other 2")).join();
    log.append("s", bytes("other 3")).join();

    assertThat(log.read("s", lost, 10))
        .isInstanceOfSatisfying(
            Read.Gap.class,
            gap -> {
              assertThat(gap.why()).isEqualTo(Read.Reason.ROLLED_BACK);
              assertThat(gap.head().epoch()).isNotEqualTo(lost.epoch());
            });
    assertThat(texts(log.read("s", kept, 10))).containsExactly("other 2", "other 3");
  }

  @Test
  void aSubscriberIsToldOfARestartAndHearsAgain() {
    RedisServerProcess server = server();
    MessageBus bus = closing(Redis.connect(server.uri())).messageBus();
    List<String> heard = new CopyOnWriteArrayList<>();
    closing(bus.subscribe("t", recording(heard)));
    bus.publish("t", bytes("1")).join();
    await().until(() -> heard.equals(List.of("1")));
    server.restart();
    await().until(() -> heard.equals(List.of("1", "missed")));
    bus.publish("t", bytes("2")).join();
    await().until(() -> heard.equals(List.of("1", "missed", "2")));
  }

  @Test
  void aConnectionThatSaysNothingIsReplaced() {
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", RedisServerProcess.shared().port()));
    KeyValueStore store =
        closing(
                Redis.builder("redis://127.0.0.1:" + proxy.port())
                    .timeout(Duration.ofSeconds(2))
                    .build())
            .keyValues(namespace);
    long version = store.put("a", bytes("1"), Ttl.NEVER);
    proxy.dropReplies();
    CompletableFuture<Optional<Versioned>> reading =
        CompletableFuture.supplyAsync(() -> store.get("a"), Thread::startVirtualThread);
    await().until(() -> proxyDropped(proxy));
    proxy.restore(); // the reply is gone, and the connection looks as if it were well

    assertThat(reading.join()).contains(new Versioned(bytes("1"), version));
  }

  @Test
  void aRequestThatArrivesAfterItWasSentAgainIsNotDone() {
    RedisServerProcess server = server();
    DelayingProxy proxy = closing(DelayingProxy.to(server.port()));
    Redis redis =
        closing(
            Redis.builder("redis://127.0.0.1:" + proxy.port())
                .timeout(Duration.ofSeconds(2))
                .build());
    EventLog log = redis.eventLog();
    log.append("s", bytes("1")).join();
    proxy.hold();
    CompletableFuture<Position> append = log.append("s", bytes("2"));
    assertThat(append.join().offset()).isEqualTo(2);

    assertThat(proxy.release()).isTrue();

    await()
        .during(Duration.ofMillis(500))
        .until(() -> server.tell("XLEN", "platform:log:default:s").equals(":2\r\n"));
  }

  private static boolean proxyDropped(TcpProxy proxy) throws InterruptedException {
    proxy.awaitDroppedReply();
    return true;
  }

  @Test
  void whatIsClosedRefusesCallsAndTheDoorClosesItsPorts() {
    Redis redis = redis();
    KeyValueStore store = redis.keyValues(namespace);
    EventLog log = redis.eventLog(EventLogOptions.of(namespace));
    CompletableFuture<Position> append = log.append("s", bytes("1"));
    redis.close();

    assertThat(append).isCompleted();
    assertThatIllegalStateException().isThrownBy(() -> store.get("a"));
    assertThatIllegalStateException().isThrownBy(() -> log.append("s", bytes("2")));
    assertThatIllegalStateException().isThrownBy(redis::leases);
    assertThat(
            through(closing(TcpProxy.to("127.0.0.1", RedisServerProcess.shared().port())))
                .eventLog(EventLogOptions.of(namespace))
                .head("s")
                .offset())
        .isEqualTo(1);
  }

  @Test
  void allThreadsEndWithTheDoor() {
    Redis redis = Redis.connect(RedisServerProcess.shared().uri());
    redis.messageBus(namespace).subscribe("t", recording(new CopyOnWriteArrayList<>()));
    redis.eventLog(EventLogOptions.of(namespace)).append("s", bytes("1")).join();
    assertThat(ourThreads()).isNotEmpty();
    redis.close();
    await().until(() -> ourThreads().isEmpty());
  }

  private static List<String> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("platform-redis") || name.startsWith("lettuce"))
        .toList();
  }

  @Test
  void whatHangsOnAFutureMayWaitForAnother() {
    EventLog log = redis().eventLog(EventLogOptions.of(namespace));
    List<CompletableFuture<String>> chains = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      chains.add(
          log.append("s", bytes("1"))
              .thenCompose(first -> CompletableFuture.completedFuture(log.head("s")))
              .thenApply(head -> {
                log.append("s", bytes("2")).join();
                return Thread.currentThread().getName();
              }));
    }
    assertThat(chains)
        .extracting(CompletableFuture::join)
        .containsAnyOf("platform-redis-callback")
        .doesNotContain("lettuce");
    assertThat(log.head("s").offset()).isEqualTo(200);
  }

  @Test
  void aSubscriptionWhoseConnectionIsSilentIsRenewed() {
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", RedisServerProcess.shared().port()));
    MessageBus bus =
        closing(
                Redis.builder("redis://127.0.0.1:" + proxy.port())
                    .timeout(Duration.ofSeconds(1))
                    .build())
            .messageBus(namespace);
    List<String> heard = new CopyOnWriteArrayList<>();
    closing(bus.subscribe("t", recording(heard)));
    proxy.dropReplies();
    MessageBus other = redis().messageBus(namespace);
    other.publish("t", bytes("lost")).join();
    await()
        .until(() ->
            RedisServerProcess.shared().tell("PUBSUB", "NUMSUB", channel()).endsWith(":0\r\n"));
    proxy.restore();

    await().until(() -> heard.equals(List.of("missed")));
    other.publish("t", bytes("2")).join();
    await().until(() -> heard.equals(List.of("missed", "2")));
  }

  @Test
  void whoeverIsInterruptedWhileSubscribingGivesUpAtOnce() throws InterruptedException {
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", RedisServerProcess.shared().port()));
    MessageBus bus = patient(proxy).messageBus(namespace);
    proxy.refuse();

    List<Throwable> failures = interruptedInSubscribe(bus, "t");

    assertThat(failures).singleElement().isInstanceOf(UnavailableException.class);
    proxy.restore();
    List<String> heard = new CopyOnWriteArrayList<>();
    closing(bus.subscribe("t", recording(heard)));
    bus.publish("t", bytes("1")).join();
    await().until(() -> heard.equals(List.of("1")));
  }

  @Test
  void whoeverIsInterruptedWhileSubscribingLeavesOthersInPeace() throws InterruptedException {
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", RedisServerProcess.shared().port()));
    MessageBus bus = patient(proxy).messageBus(namespace);
    List<String> heard = new CopyOnWriteArrayList<>();
    closing(bus.subscribe("t", recording(heard)));
    proxy.holdReplies();

    List<Throwable> failures = interruptedInSubscribe(bus, "other");

    assertThat(failures).singleElement().isInstanceOf(UnavailableException.class);
    proxy.restore();
    redis().messageBus(namespace).publish("t", bytes("1")).join();
    await().until(() -> heard.equals(List.of("1")));
  }

  /** One whose time is never over in a test. */
  private Redis patient(TcpProxy proxy) {
    return closing(
        Redis.builder("redis://127.0.0.1:" + proxy.port()).timeout(Duration.ofHours(1)).build());
  }

  private static List<Throwable> interruptedInSubscribe(MessageBus bus, String topic)
      throws InterruptedException {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                bus.subscribe(topic, recording(new ArrayList<>())).close();
              } catch (RuntimeException failure) {
                failures.add(failure);
              }
            });
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    thread.interrupt();
    thread.join();
    return failures;
  }

  private String channel() {
    return "platform:bus:%s:t".formatted(namespace);
  }

  private static BusListener recording(List<String> heard) {
    return new BusListener() {
      @Override
      public void onMessage(byte[] data) {
        heard.add(new String(data, UTF_8));
      }

      @Override
      public void onMissed() {
        heard.add("missed");
      }
    };
  }
}
