package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.redis.Call.Kind;
import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One string a key: eight bytes of version, then the value. A namespace that can be scanned has a
 * sorted set of its names beside, which the same scripts keep; names of expired keys leave it when
 * a scan comes by.
 */
final class RedisKeyValueStore implements KeyValueStore {
  private static final int VERSION_BYTES = Long.BYTES;
  private static final byte[] NONE = {};
  private static final String KEY = "key";

  /** A page ends after so many bytes. */
  private static final int PAGE_BYTES = 8 << 20;

  private final Engine engine;
  private final Consumer<AutoCloseable> onClose;
  private final Lifecycle lifecycle = new Lifecycle("key-value store");
  private final String namespace;
  private final boolean scannable;
  private final int maxBytes;
  private final byte[] begin;
  private final byte[] index;
  private final byte[] declaration;
  private volatile boolean declared;

  RedisKeyValueStore(Engine engine, KeyValueOptions options, Consumer<AutoCloseable> onClose) {
    this.engine = engine;
    this.onClose = onClose;
    namespace = options.namespace();
    scannable = options.scannable();
    maxBytes = engine.settings().maxValueBytes();
    Names names = engine.names(namespace);
    begin = names.begin("kv");
    index = names.once("kv-names");
    declaration = names.once("kv-kind");
  }

  @Override
  public Optional<Versioned> get(String key) {
    byte[] name = Bounds.requireName(KEY, key);
    return versioned(ask(Kind.READ, "get of key", key, CommandType.GET, args(name)).await());
  }

  @Override
  public Map<String, Versioned> getAll(Collection<String> keys) {
    List<String> distinct = List.copyOf(new LinkedHashSet<>(keys));
    CommandArgs<byte[], byte[]> args = Engine.args();
    distinct.forEach(key -> args.addKey(Names.key(begin, Bounds.requireName(KEY, key))));
    if (distinct.isEmpty()) {
      lifecycle.requireOpen();
      return Map.of();
    }
    String first = distinct.getFirst();
    List<?> values =
        Answers.list(ask(Kind.READ, "get of keys", first + "…", CommandType.MGET, args).await());
    Map<String, Versioned> found = new LinkedHashMap<>();
    for (int i = 0; i < distinct.size(); i++) {
      String key = distinct.get(i);
      versioned(values.get(i)).ifPresent(value -> found.put(key, value));
    }
    return found;
  }

  @Override
  public long put(String key, byte[] value, Ttl ttl) {
    byte[] name = Bounds.requireName(KEY, key);
    long version = engine.random();
    byte[] stored = stored(key, version, value);
    Objects.requireNonNull(ttl, "ttl");
    open();
    engine.link().send(putting(key, name, stored, ttl)).await();
    return version;
  }

  private Call putting(String key, byte[] name, byte[] stored, Ttl ttl) {
    if (scannable) {
      CommandArgs<byte[], byte[]> args =
          Engine.script(Scripts.PUT_INDEXED, index, Names.key(begin, name));
      args.add(millis(ttl)).add(name).add(stored);
      return new Call(Kind.REPEATABLE, "put of key", key, CommandType.EVALSHA, args);
    }
    CommandArgs<byte[], byte[]> args = args(name).add(stored);
    ttl.span().ifPresent(span -> args.add("PX").add(span.toMillis()));
    return new Call(Kind.REPEATABLE, "put of key", key, CommandType.SET, args);
  }

  @Override
  public void putAll(Map<String, byte[]> entries, Ttl ttl) {
    Objects.requireNonNull(ttl, "ttl");
    List<Call> calls = new ArrayList<>(entries.size());
    entries.forEach((key, value) -> {
      byte[] name = Bounds.requireName(KEY, key);
      calls.add(putting(key, name, stored(key, engine.random(), value), ttl));
    });
    open();
    engine.link().sendAll(calls);
    calls.forEach(Call::await);
  }

  @Override
  public Cas compareAndSet(String key, long expected, byte[] value, Ttl ttl) {
    byte[] name = Bounds.requireName(KEY, key);
    long version = engine.random();
    byte[] stored = stored(key, version, value);
    CommandArgs<byte[], byte[]> args = script(Scripts.COMPARE_AND_SET, name);
    args.add(expected(expected)).add(stored).add(millis(ttl)).add(name);
    Call call = ask(Kind.REPEATABLE, "compare-and-set of key", key, CommandType.EVALSHA, args);
    return outcome(call, version);
  }

  @Override
  public boolean delete(String key) {
    byte[] name = Bounds.requireName(KEY, key);
    Call call;
    if (scannable) {
      CommandArgs<byte[], byte[]> args =
          Engine.script(Scripts.DELETE_INDEXED, index, Names.key(begin, name)).add(name);
      call = ask(Kind.REPEATABLE, "delete of key", key, CommandType.EVALSHA, args);
    } else {
      call = ask(Kind.REPEATABLE, "delete of key", key, CommandType.DEL, args(name));
    }
    // After a lost answer, false may be about what the first sending has left.
    return Long.valueOf(1).equals(call.await());
  }

  @Override
  public Cas deleteIf(String key, long expected) {
    byte[] name = Bounds.requireName(KEY, key);
    CommandArgs<byte[], byte[]> args = script(Scripts.DELETE_IF, name);
    args.add(expected(expected)).add(name);
    return outcome(ask(Kind.REPEATABLE, "delete of key", key, CommandType.EVALSHA, args), ABSENT);
  }

  private static Cas outcome(Call call, long version) {
    Object answer = call.await();
    if (answer instanceof Long) {
      return new Cas.Stored(version);
    }
    if (call.again()) {
      throw call.ambiguous();
    }
    return new Cas.Conflict(versioned(answer));
  }

  @Override
  public Page scan(String prefix, @Nullable String after, int limit) {
    byte[] start = Bounds.requirePrefix("prefix", prefix);
    byte @Nullable [] last = after == null ? null : Bounds.requireName("after", after);
    Bounds.requireCount("limit", limit, 1, MAX_PAGE);
    if (!scannable) {
      lifecycle.requireOpen();
      throw new UnsupportedOperationException(
          "namespace '%s' was not opened as scannable; open it with KeyValueOptions.scanned()"
              .formatted(namespace));
    }
    boolean goesOn = last != null && Arrays.compareUnsigned(last, start) >= 0;
    byte[] least = goesOn && last != null ? bound('(', last, NONE) : bound('[', start, NONE);
    byte[] most = bound('[', start, new byte[] {(byte) 0xff}); // no name has such a byte
    CommandArgs<byte[], byte[]> args = Engine.script(Scripts.SCAN, index);
    args.add(begin).add(least).add(most).add(limit).add(PAGE_BYTES);
    return page(Answers.list(ask(Kind.READ, "scan of", prefix, CommandType.EVALSHA, args).await()));
  }

  private static byte[] bound(char mark, byte[] name, byte[] end) {
    return ByteBuffer.allocate(1 + name.length + end.length)
        .put((byte) mark)
        .put(name)
        .put(end)
        .array();
  }

  private static Page page(List<?> answer) {
    LinkedHashMap<String, Versioned> entries = new LinkedHashMap<>();
    List<?> found = Answers.list(answer.getFirst());
    for (int i = 0; i < found.size(); i += 2) {
      String key = Answers.text(found.get(i));
      versioned(found.get(i + 1)).ifPresent(value -> entries.put(key, value));
    }
    Object next = answer.getLast();
    return new Page(entries, next == null ? Optional.empty() : Optional.of(Answers.text(next)));
  }

  @Override
  public Set<Capability> capabilities() {
    return scannable ? Set.of(Capability.SCAN) : Set.of();
  }

  @Override
  public void close() {
    lifecycle.close(() -> onClose.accept(this));
  }

  private Call ask(
      Kind kind, String what, String id, CommandType type, CommandArgs<byte[], byte[]> args) {
    open();
    return engine.link().send(new Call(kind, what, id, type, args));
  }

  /** Refuses a closed store, and one that says another thing of the namespace than the server. */
  private void open() {
    lifecycle.requireOpen();
    if (!declared) {
      String mine = scannable ? "scannable" : "plain";
      CommandArgs<byte[], byte[]> args = Engine.script(Scripts.DECLARE, declaration).add(mine);
      Call call =
          new Call(Kind.READ, "the declaration of namespace", namespace, CommandType.EVALSHA, args);
      String said = Answers.text(engine.link().send(call).await());
      if (!said.equals(mine)) {
        throw new IllegalStateException(
            "namespace '%s' was opened as %s but the server has it as %s; every process must say the"
                    .formatted(namespace, mine, said)
                + " same");
      }
      declared = true;
    }
  }

  private CommandArgs<byte[], byte[]> args(byte[] name) {
    return Engine.args().addKey(Names.key(begin, name));
  }

  private CommandArgs<byte[], byte[]> script(Script script, byte[] name) {
    byte[] key = Names.key(begin, name);
    return scannable ? Engine.script(script, key, index) : Engine.script(script, key);
  }

  private static long millis(Ttl ttl) {
    return ttl.span().map(span -> span.toMillis()).orElse(0L);
  }

  private static byte[] expected(long version) {
    return version == ABSENT ? NONE : ByteBuffer.allocate(VERSION_BYTES).putLong(version).array();
  }

  private byte[] stored(String key, long version, byte[] value) {
    Objects.requireNonNull(value, "value");
    if (value.length > maxBytes) {
      Bounds.requireValue("value of key '%s'".formatted(key), value, maxBytes);
    }
    return ByteBuffer.allocate(VERSION_BYTES + value.length).putLong(version).put(value).array();
  }

  private static Optional<Versioned> versioned(@Nullable Object stored) {
    if (stored == null) {
      return Optional.empty();
    }
    byte[] bytes = Answers.bytes(stored);
    byte[] value = Arrays.copyOfRange(bytes, VERSION_BYTES, bytes.length);
    return Optional.of(new Versioned(value, ByteBuffer.wrap(bytes).getLong()));
  }
}
