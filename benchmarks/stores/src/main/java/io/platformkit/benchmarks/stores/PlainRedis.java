package io.platformkit.benchmarks.stores;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/** Lettuce as it is, on one shared connection; scripts that do no more than they must. */
final class PlainRedis implements Store {
  private static final byte[] SWAP =
      """
      local now = redis.call('GETRANGE', KEYS[1], 0, 7)
      if now ~= ARGV[1] then return 0 end
      redis.call('SET', KEYS[1], ARGV[2] .. ARGV[3])
      return 1
      """
          .getBytes(UTF_8);

  private static final byte[] APPEND =
      """
      local known = redis.call('HMGET', KEYS[2], 'epoch', 'head')
      local head = tonumber(string.match(known[2] or '0', '^%d+'))
      local time = redis.call('TIME')
      local millis = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
      local id
      for i = 2, #ARGV, 2 do
        head = head + 1
        id = string.format('%.0f', head) .. '-' .. ARGV[i]
        redis.call('XADD', KEYS[1], id, 't', millis, 'd', ARGV[i + 1])
      end
      redis.call('HSET', KEYS[2], 'epoch', known[1] or id, 'head', id)
      redis.call('PUBLISH', 'plain:bell', ARGV[1])
      return {known[1] or id, id}
      """
          .getBytes(UTF_8);

  private final RedisClient client;
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final RedisCommands<byte[], byte[]> redis;
  private final String swap;
  private final String append;

  PlainRedis(String uri) {
    client = RedisClient.create(uri);
    connection = client.connect(ByteArrayCodec.INSTANCE);
    redis = connection.sync();
    swap = redis.scriptLoad(SWAP);
    append = redis.scriptLoad(APPEND);
  }

  private static byte[] key(String name) {
    return ("plain:" + name).getBytes(UTF_8);
  }

  private static byte[] bytes(long version) {
    return version == 0 ? new byte[0] : ByteBuffer.allocate(Long.BYTES).putLong(version).array();
  }

  private static long random() {
    return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  }

  @Override
  public byte[] get(String name) {
    byte[] stored = redis.get(key(name));
    return Arrays.copyOfRange(stored, Long.BYTES, stored.length);
  }

  @Override
  public void put(String name, byte[] value) {
    redis.set(
        key(name),
        ByteBuffer.allocate(Long.BYTES + value.length).putLong(random()).put(value).array());
  }

  @Override
  public long compareAndSet(String name, long expected, byte[] value) {
    long version = random();
    byte[][] keys = {key(name)};
    Long swapped =
        redis.evalsha(swap, ScriptOutputType.INTEGER, keys, bytes(expected), bytes(version), value);
    if (swapped != 1) {
      throw new IllegalStateException("another has written " + name);
    }
    return version;
  }

  @Override
  public void append(String stream, byte[] data) {
    appendAll(stream, List.of(data));
  }

  @Override
  public void appendAll(String stream, List<byte[]> batch) {
    byte[][] keys = {key(stream), key(stream + ":meta")};
    byte[][] arguments = new byte[batch.size() * 2 + 1][];
    arguments[0] = stream.getBytes(UTF_8);
    for (int i = 0; i < batch.size(); i++) {
      arguments[2 * i + 1] = Long.toString(random()).getBytes(UTF_8);
      arguments[2 * i + 2] = batch.get(i);
    }
    List<Object> last = redis.evalsha(append, ScriptOutputType.MULTI, keys, arguments);
    if (last.size() != 2) {
      throw new IllegalStateException("no position but " + last);
    }
  }

  /** Entries and, in the same round trip, what tells a gap: epoch and head. */
  @Override
  public int read(String stream, int limit) throws Exception {
    var head = connection.async().hmget(key(stream + ":meta"), key("epoch"), key("head"));
    var entries = connection.async().xrange(key(stream), Range.unbounded(), Limit.from(limit));
    return entries.get().size() * head.get().size() / 2;
  }

  /** Told by the doorbell of all streams, as XREAD over many of them costs the server too much. */
  @Override
  public Follower follow(String stream) {
    StatefulRedisPubSubConnection<byte[], byte[]> bell =
        client.connectPubSub(ByteArrayCodec.INSTANCE);
    Semaphore rung = new Semaphore(0);
    bell.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] channel, byte[] message) {
            rung.release();
          }
        });
    bell.sync().subscribe(key("bell"));
    String[] last = {
      redis.xrevrange(key(stream), Range.unbounded(), Limit.from(1)).getFirst().getId()
    };
    return new Follower() {
      @Override
      public void awaitNext() throws InterruptedException {
        List<StreamMessage<byte[], byte[]>> next = List.of();
        while (next.isEmpty()) {
          rung.acquire();
          Range<String> after =
              Range.from(Range.Boundary.excluding(last[0]), Range.Boundary.unbounded());
          next = redis.xrange(key(stream), after, Limit.from(1));
        }
        last[0] = next.getFirst().getId();
      }

      @Override
      public void close() {
        bell.close();
      }
    };
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
