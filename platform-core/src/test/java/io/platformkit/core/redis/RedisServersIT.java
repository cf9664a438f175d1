package io.platformkit.core.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.UnavailableException;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers of several kinds: with TLS, with users, behind Sentinel, and those that won't do. */
@Timeout(120)
class RedisServersIT {
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

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

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Asks each port for something. */
  private static void useAllPorts(Redis redis) {
    KeyValueStore store = redis.keyValues(KeyValueOptions.of("all").scanned());
    store.put("a", bytes("1"), Ttl.NEVER);
    assertThat(store.scan("", null, 10).entries()).containsOnlyKeys("a");
    Position at = redis.eventLog().append("s", "key", bytes("1")).join().at();
    assertThat(redis.eventLog().head("s")).isEqualTo(at);
    redis.leases().tryAcquire("l", Duration.ofMinutes(1)).orElseThrow().release();
    List<String> heard = new CopyOnWriteArrayList<>();
    redis.messageBus().subscribe("t", listener(heard));
    redis.messageBus().publish("t", bytes("1")).join();
    await().until(() -> heard.equals(List.of("1")));
  }

  private static BusListener listener(List<String> heard) {
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

  private void assertRefused(Redis redis, String... words) {
    KeyValueStore store = closing(redis).keyValues();
    long before = System.nanoTime();
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> store.get("a"))
        .satisfies(refused -> assertThat(refused.getMessage()).contains(words));
    assertThat(Duration.ofNanos(System.nanoTime() - before)) // at once, not after all tries
        .isLessThan(Redis.DEFAULT_TIMEOUT);
  }

  @Test
  void aClusterIsRefused() {
    RedisServerProcess server = closing(RedisServerProcess.start("--cluster-enabled", "yes"));
    assertRefused(Redis.connect(server.uri()), "Redis Cluster", "Sentinel");
  }

  @Test
  void aServerThatDropsAnyKeyIsRefusedUnlessTheHostTakesIt() {
    RedisServerProcess server =
        closing(
            RedisServerProcess.start("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"));
    assertRefused(Redis.connect(server.uri()), "maxmemory-policy", "allkeys-lru", "noeviction");
    useAllPorts(closing(Redis.builder(server.uri()).evicting(true).build()));
  }

  @Test
  void aServerWithoutMemoryRefusesAndDoesNothing() {
    RedisServerProcess server = closing(RedisServerProcess.start("--maxmemory", "1500000"));
    EventLog log = closing(Redis.connect(server.uri())).eventLog();
    Position head = log.head("s");
    List<byte[]> batch = List.of(bytes("1"), new byte[1 << 20], new byte[1 << 20]);
    await()
        .until(() -> {
          try {
            log.appendAll("s", batch).join();
            return false;
          } catch (CompletionException refused) {
            return refused.getCause() instanceof UnavailableException unavailable
                && String.valueOf(unavailable.getMessage()).contains("OOM");
          }
        });
    assertThat((log.head("s").offset() - head.offset()) % 3).isZero();
  }

  @Test
  void aReadOfWhichTheServerRefusesAPartFailsAloneAndSaysWhy() {
    RedisServerProcess server = closing(RedisServerProcess.start());
    server.tell("ACL", "SETUSER", "app", "on", ">secret", "~*", "&*", "+@all");
    EventLog log =
        closing(Redis.builder(server.uri()).user("app", "secret".toCharArray()).build()).eventLog();
    Position head = log.head("s");
    log.append("s", new byte[3]).join();
    assertThat(log.read("s", head, 10)).isInstanceOf(Read.Entries.class);
    server.tell("ACL", "SETUSER", "app", "-xrange");

    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> log.read("s", head, 10))
        .withMessageContaining("read of stream 's'")
        .withMessageContaining("NOPERM");
    server.tell("ACL", "SETUSER", "app", "+xrange");
    assertThat(((Read.Entries) log.read("s", head, 10)).entries()).hasSize(1);
  }

  @Nested
  class WithUsers {
    private final RedisServerProcess server = closing(RedisServerProcess.start());

    WithUsers() {
      server.tell(
          "ACL",
          "SETUSER",
          "app",
          "on",
          ">secret",
          "~platform:*",
          "resetchannels",
          "&platform:*",
          "+@all",
          "-@dangerous");
      server.tell("ACL", "SETUSER", "default", "off");
    }

    @Test
    void aUserWithoutDangerousCommandsIsEnough() {
      String host = server.uri().replace("redis://", "");
      useAllPorts(closing(Redis.connect("redis://app:secret@" + host)));
      useAllPorts(closing(Redis.builder(server.uri()).user("app", "secret".toCharArray()).build()));
    }

    @Test
    void aWrongPasswordIsRefusedAtOnceAndNotShown() {
      Redis redis = Redis.builder(server.uri()).user("app", "s3cr3t".toCharArray()).build();
      KeyValueStore store = closing(redis).keyValues();
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> store.get("a"))
          .withMessageContaining("WRONGPASS")
          .withStackTraceContaining("WRONGPASS")
          .satisfies(
              refused -> assertThat(Throwables.getStackTrace(refused)).doesNotContain("s3cr3t"));
    }

    @Test
    void aKeyThatTheUserMayNotTouchIsRefused() {
      Redis redis =
          Redis.builder(server.uri())
              .user("app", "secret".toCharArray())
              .prefix("elsewhere")
              .build();
      assertRefused(redis, "NOPERM");
    }
  }

  @Nested
  class WithTls {
    @TempDir Path directory;

    private String start(TestCertificate certificate, String authClients) {
      int port = RedisServerProcess.freePort();
      toClose.push(
          RedisServerProcess.start(
              "--tls-port", String.valueOf(port),
              "--tls-cert-file", certificate.certificate().toString(),
              "--tls-key-file", certificate.key().toString(),
              "--tls-ca-cert-file", certificate.certificate().toString(),
              "--tls-auth-clients", authClients));
      return "rediss://127.0.0.1:" + port;
    }

    @Test
    void aServerWithATrustedCertificateIsUsed() throws Exception {
      TestCertificate certificate = TestCertificate.in(directory);
      String uri = start(certificate, "no");
      useAllPorts(closing(Redis.builder(uri).trusted(certificate.certificate()).build()));
    }

    @Test
    void aServerThatAsksForACertificateGetsIt() throws Exception {
      TestCertificate certificate = TestCertificate.in(directory);
      String uri = start(certificate, "yes");
      useAllPorts(
          closing(
              Redis.builder(uri)
                  .trusted(certificate.certificate())
                  .identity(certificate.certificate(), certificate.key())
                  .build()));
      KeyValueStore store =
          closing(
                  Redis.builder(uri)
                      .trusted(certificate.certificate())
                      .timeout(Duration.ofSeconds(2))
                      .build())
              .keyValues();
      assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> store.get("a"));
    }

    @Test
    void aServerWithAnotherCertificateIsNotAsked() throws Exception {
      String uri = start(TestCertificate.in(directory), "no");
      KeyValueStore store =
          closing(Redis.builder(uri).timeout(Duration.ofSeconds(2)).build()).keyValues();
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> store.get("a"))
          .withMessageContaining("certificat");
    }
  }

  @Nested
  class BehindSentinel {
    @Test
    void theNewPrimaryIsUsedAfterAFailover() {
      RedisServerProcess primary = closing(RedisServerProcess.start());
      RedisServerProcess replica =
          closing(RedisServerProcess.start("--replicaof", "127.0.0.1", "" + primary.port()));
      await().until(() -> replica.tell("INFO", "replication").contains("master_link_status:up"));
      RedisServerProcess sentinel = closing(RedisServerProcess.startSentinel(primary));
      await()
          .until(
              () -> sentinel.tell("SENTINEL", "REPLICAS", "primary").contains("" + replica.port()));
      Redis redis =
          closing(
              Redis.builder("redis-sentinel://127.0.0.1:%d/0#primary".formatted(sentinel.port()))
                  .sentinelPassword("sentinel".toCharArray())
                  .timeout(Duration.ofSeconds(40))
                  .build());
      useAllPorts(redis);
      List<String> heard = new CopyOnWriteArrayList<>();
      redis.messageBus().subscribe("t", listener(heard));
      KeyValueStore store = redis.keyValues();
      Position before = redis.eventLog().append("s", bytes("before")).join();
      await().until(() -> replica.tell("XLEN", "platform:log:default:s").equals(":2\r\n"));

      primary.kill();
      store.put("after", bytes("1"), Ttl.NEVER);

      assertThat(replica.tell("EXISTS", "platform:kv:default:after")).isEqualTo(":1\r\n");
      assertThat(redis.eventLog().append("s", bytes("after")).join().offset())
          .isEqualTo(before.offset() + 1);
      await().until(() -> heard.contains("missed"));
      redis.messageBus().publish("t", bytes("again")).join();
      await().until(() -> heard.contains("again"));
    }

    @Test
    void aPrimaryThatBecomesAReplicaIsLeft() {
      RedisServerProcess primary = closing(RedisServerProcess.start());
      RedisServerProcess replica =
          closing(RedisServerProcess.start("--replicaof", "127.0.0.1", "" + primary.port()));
      await().until(() -> replica.tell("INFO", "replication").contains("master_link_status:up"));
      RedisServerProcess sentinel = closing(RedisServerProcess.startSentinel(primary));
      await()
          .until(
              () -> sentinel.tell("SENTINEL", "REPLICAS", "primary").contains("" + replica.port()));
      KeyValueStore store =
          closing(
                  Redis.builder(
                          "redis-sentinel://127.0.0.1:%d/0#primary".formatted(sentinel.port()))
                      .sentinelPassword("sentinel".toCharArray())
                      .timeout(Duration.ofSeconds(40))
                      .build())
              .keyValues();
      store.put("before", bytes("1"), Ttl.NEVER);

      await().until(() -> sentinel.tell("SENTINEL", "FAILOVER", "primary").startsWith("+OK"));
      await().until(() -> replica.tell("INFO", "replication").contains("role:master"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            store.put("after", bytes("1"), Ttl.NEVER);
            return replica.tell("EXISTS", "platform:kv:default:after").equals(":1\r\n");
          });
    }
  }
}
