package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.log.AppendIf;
import io.platformkit.core.log.Appended;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.Retention;
import io.platformkit.core.log.Tail;
import io.platformkit.core.log.TailListener;
import io.platformkit.core.log.Tails;
import io.platformkit.core.redis.AppendCall.Target;
import io.platformkit.core.redis.AppendCall.Terms;
import io.platformkit.core.redis.Call.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One script an append; log-common.lua says what a stream is. One channel a namespace rings for all
 * of its streams, and brings small entries along.
 */
final class RedisEventLog implements EventLog {
  private static final String STREAM = "stream";

  /** A key is remembered for a little longer than promised, for clocks go at different speeds. */
  private static final Duration WINDOW = KEY_WINDOW.plusSeconds(10);

  private final Engine engine;
  private final Consumer<AutoCloseable> onClose;
  private final Lifecycle lifecycle = new Lifecycle("event log");
  private final InFlight inFlight = new InFlight();
  private final int maxBytes;
  private final long idle;
  private final byte[] entries;
  private final byte[] meta;
  private final byte[] memory;
  private final byte[] gone;
  private final byte[] bell;
  private final LogReader reader;
  private final Doorbell doorbell;
  private final Tails tails;

  RedisEventLog(Engine engine, EventLogOptions options, Consumer<AutoCloseable> onClose) {
    this.engine = engine;
    this.onClose = onClose;
    maxBytes = engine.settings().maxValueBytes();
    idle = options.idleTtl().map(Duration::toMillis).orElse(0L);
    Names names = engine.names(options.namespace());
    entries = names.begin("log");
    meta = names.begin("log-meta");
    memory = names.begin("log-key");
    gone = names.begin("log-gone");
    bell = names.once("log-bell");
    reader = new LogReader(engine, entries, meta, idle);
    doorbell = new Doorbell();
    tails =
        Tails.of(
            "redis-log",
            doorbell,
            engine.settings().timers(),
            Tails.DEFAULT_POLL,
            engine.settings().errors());
  }

  @Override
  public CompletableFuture<Position> append(String stream, byte[] data) {
    AppendCall call = call(stream, List.of(data(data)), Terms.NONE);
    return send(call, (list, sent) -> LogAnswers.positions(list, sent).getFirst());
  }

  @Override
  public CompletableFuture<List<Position>> appendAll(String stream, List<byte[]> batch) {
    return send(call(stream, batch, Terms.NONE), LogAnswers::positions);
  }

  @Override
  public CompletableFuture<Appended> append(String stream, String key, byte[] data) {
    byte[] name = Bounds.requireName(STREAM, stream);
    byte[] remembered = Names.key(memory, name, Bounds.requireName("key", key));
    Terms terms = new Terms(remembered, Terms.NONE.head(), WINDOW.toMillis());
    return send(call(stream, List.of(data(data)), terms), LogAnswers::appended);
  }

  @Override
  public CompletableFuture<AppendIf> appendIf(String stream, Position head, List<byte[]> batch) {
    byte[] asked = Names.bytes(head.offset() + "-" + head.mark());
    Terms terms = new Terms(Terms.NONE.memory(), asked, 0);
    return send(call(stream, batch, terms), LogAnswers::appendedIf);
  }

  private static byte[] data(byte[] data) {
    return Objects.requireNonNull(data, "data");
  }

  private AppendCall call(String stream, List<byte[]> batch, Terms terms) {
    byte[] name = Bounds.requireName(STREAM, stream);
    Bounds.requireCount("batch", batch.size(), 1, MAX_BATCH);
    List<byte[]> copies = new ArrayList<>(batch.size());
    long[] marks = new long[batch.size()];
    for (byte[] data : batch) {
      if (data(data).length > maxBytes) {
        Bounds.requireValue("entry of stream '%s'".formatted(stream), data, maxBytes);
      }
      marks[copies.size()] = engine.random();
      copies.add(data.clone());
    }
    Bounds.requireTotal("batch", copies, Math.max(MAX_BATCH_BYTES, maxBytes));
    return new AppendCall(target(stream, name), terms, marks, copies);
  }

  private Target target(String stream, byte[] name) {
    return new Target(
        stream,
        name,
        bell,
        Names.key(entries, name),
        Names.key(meta, name),
        Names.key(gone, name),
        idle);
  }

  private <T> CompletableFuture<T> send(AppendCall call, BiFunction<List<?>, AppendCall, T> read) {
    lifecycle.requireOpen();
    inFlight.begin();
    Outcome<T> outcome = Outcome.of(call, () -> read(call, read), engine.callbacks());
    engine.link().start(call);
    return outcome;
  }

  private <T> T read(AppendCall call, BiFunction<List<?>, AppendCall, T> read) {
    try {
      return read.apply(Answers.list(call.await()), call);
    } finally {
      inFlight.end();
    }
  }

  @Override
  public Position head(String stream) {
    byte[] name = Bounds.requireName(STREAM, stream);
    CommandArgs<byte[], byte[]> args = script(Scripts.HEAD, name);
    args.add(engine.random()).add(idle);
    List<?> answer = Answers.list(ask(Kind.READ, "head of stream", stream, args).await());
    return LogAnswers.position(answer.getFirst(), answer.getLast());
  }

  @Override
  public Read read(String stream, Position after, int limit) {
    Objects.requireNonNull(after, "after");
    Bounds.requireCount("limit", limit, 1, MAX_BATCH);
    lifecycle.requireOpen();
    return reader.read(stream, after, limit);
  }

  @Override
  public Tail tail(TailListener listener) {
    Objects.requireNonNull(listener, "listener");
    lifecycle.requireOpen();
    return tails.open(listener);
  }

  @Override
  public void trim(String stream, Retention keep) {
    CommandArgs<byte[], byte[]> args = script(Scripts.TRIM, Bounds.requireName(STREAM, stream));
    args.add(keep.newest().isPresent() ? String.valueOf(keep.newest().getAsLong()) : "");
    args.add(keep.age().map(age -> String.valueOf(age.toMillis())).orElse(""));
    ask(Kind.REPEATABLE, "trim of stream", stream, args).await();
  }

  @Override
  public void delete(String stream) {
    byte[] name = Bounds.requireName(STREAM, stream);
    CommandArgs<byte[], byte[]> args = Engine.args().add(Scripts.DELETE_LOG.sha()).add(3);
    args.addKey(Names.key(entries, name)).addKey(Names.key(meta, name));
    args.addKey(Names.key(gone, name)).add(WINDOW.toMillis());
    ask(Kind.REPEATABLE, "delete of stream", stream, args).await();
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      tails.close();
      doorbell.close();
      inFlight.await(engine.settings().timeout());
      onClose.accept(this);
    });
  }

  private Call ask(Kind kind, String what, String stream, CommandArgs<byte[], byte[]> args) {
    lifecycle.requireOpen();
    return engine.link().send(new Call(kind, what, stream, CommandType.EVALSHA, args));
  }

  private CommandArgs<byte[], byte[]> script(Script script, byte[] name) {
    return Engine.script(script, Names.key(entries, name), Names.key(meta, name));
  }

  /** What tails read, and what wakes them: the names of streams, on one channel. */
  private final class Doorbell implements Tails.Source, PubSub.Listener, AutoCloseable {
    private final BellEntries brought = new BellEntries();

    @Override
    public void arm() {
      engine.pubSub().subscribe(bell, this);
    }

    @Override
    public Map<String, Read> read(Map<String, Position> after, int limit) {
      Map<String, Read> found = new LinkedHashMap<>();
      Map<String, Position> unheard = new LinkedHashMap<>();
      after.forEach((stream, at) ->
          brought
              .after(stream, at)
              .ifPresentOrElse(read -> found.put(stream, read), () -> unheard.put(stream, at)));
      if (!unheard.isEmpty()) {
        found.putAll(reader.readAll(unheard, limit));
      }
      return found;
    }

    @Override
    public void onMessage(byte[] data) {
      tails.wake(brought.hear(data));
    }

    @Override
    public void onLost() {
      tails.wakeUps(false);
    }

    @Override
    public void onBack() {
      tails.wakeUps(true);
    }

    @Override
    public void close() {
      engine.pubSub().unsubscribe(bell, this);
    }
  }
}
