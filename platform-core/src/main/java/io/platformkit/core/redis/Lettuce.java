package io.platformkit.core.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The client library with our settings. Its own reconnect is off: it sends again what was under
 * way, which made one append two entries.
 */
final class Lettuce {
  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI uri;

  /** Starts nothing but the library's own threads. */
  Lettuce(Settings settings) {
    uri = RedisURI.create(settings.uri());
    uri.setTimeout(settings.timeout().dividedBy(2));
    settings
        .password()
        .ifPresent(password ->
            uri.setCredentialsProvider(
                new StaticCredentialsProvider(settings.user().orElse(null), password)));
    settings
        .sentinelPassword()
        .map(password -> new StaticCredentialsProvider(null, password))
        .ifPresent(shown ->
            uri.getSentinels().forEach(sentinel -> sentinel.setCredentialsProvider(shown)));
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .threadFactoryProvider(Lettuce::threads)
            .build();
    client = RedisClient.create(resources);
    client.setOptions(options(settings));
  }

  private static ThreadFactory threads(String pool) {
    AtomicInteger number = new AtomicInteger();
    String prefix = "platform-redis-" + pool.replace("lettuce-", "") + "-";
    return body ->
        // Netty wants threads of its own kind for its fast thread locals
        named(new FastThreadLocalThread(body), prefix + number.incrementAndGet());
  }

  private static Thread named(Thread thread, String name) {
    thread.setName(name);
    thread.setDaemon(true);
    return thread;
  }

  private static ClientOptions options(Settings settings) {
    Duration connect = settings.timeout().dividedBy(2);
    ClientOptions.Builder options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .protocolVersion(ProtocolVersion.RESP2)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create())
            .useHashIndexQueue(false)
            .socketOptions(SocketOptions.builder().connectTimeout(connect).keepAlive(true).build());
    options.sslOptions(tls(settings));
    return options.build();
  }

  private static SslOptions tls(Settings settings) {
    SslOptions.Builder tls = SslOptions.builder();
    settings.trusted().ifPresent(pem -> tls.trustManager(pem.toFile()));
    settings
        .identity()
        .ifPresent(
            own -> tls.keyManager(own.certificates().toFile(), own.key().toFile(), new char[0]));
    return tls.build();
  }

  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
  }

  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
  }

  CompletableFuture<Void> close() {
    return client
        .shutdownAsync(0, 2, TimeUnit.SECONDS)
        .thenCompose(done -> {
          CompletableFuture<Void> released = new CompletableFuture<>();
          resources.shutdown(0, 2, TimeUnit.SECONDS).addListener(future -> released.complete(null));
          return released;
        });
  }
}
