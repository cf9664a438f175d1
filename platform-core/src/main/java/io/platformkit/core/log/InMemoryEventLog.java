package io.platformkit.core.log;

import io.platformkit.core.Bounds;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link EventLog}: in this process' memory, gone with it; one object is one
 * namespace. Appends are done when they return. Nothing blocks but for one lock.
 *
 * <p>Streams grow until they are trimmed, up to a bound for all together.
 */
public final class InMemoryEventLog implements EventLog {
  /** How many idle streams a call removes; it makes one at most. */
  private static final int SWEEP = 16;

  private final Lifecycle lifecycle = new Lifecycle("event log");
  private final InstantSource clock;
  private final int maxValueBytes;
  private final long maxBytes;
  private final Optional<Long> idleTtl;
  private final Tails tails;
  private final @Nullable SystemTimers ownTimers;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final RandomNumbers random = new RandomNumbers();
  private final Map<String, MemoryStream> streams = new LinkedHashMap<>(); // the idlest first
  private long size;

  private InMemoryEventLog(Builder builder) {
    this.clock = builder.clock;
    this.maxValueBytes = builder.maxValueBytes;
    this.maxBytes = builder.maxBytes;
    this.idleTtl = builder.idleTtl.map(Duration::toMillis);
    this.ownTimers = builder.timers == null ? SystemTimers.create(builder.errors) : null;
    Timers timers = builder.timers == null ? Objects.requireNonNull(ownTimers) : builder.timers;
    this.tails = Tails.of("memory-log", this::readAll, timers, Tails.DEFAULT_POLL, builder.errors);
  }

  /** A log with all defaults. */
  public static InMemoryEventLog create() {
    return builder().build();
  }

  /** Collects the options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CompletableFuture<Position> append(String stream, byte[] data) {
    return appendAll(stream, List.of(requireData(data))).thenApply(List::getFirst);
  }

  @Override
  public CompletableFuture<List<Position>> appendAll(String stream, List<byte[]> batch) {
    Bounds.requireName("stream", stream);
    requireBatch(batch);
    return changed(stream, () -> grow(stream, batch));
  }

  @Override
  public CompletableFuture<Appended> append(String stream, String key, byte[] data) {
    Bounds.requireName("stream", stream);
    Bounds.requireName("key", key);
    requireData(data);
    return changed(
        stream,
        () -> {
          Optional<Position> known = open(stream).known(key, clock.millis());
          return known
              .map(position -> new Appended(position, true))
              .orElseGet(() -> new Appended(grow(stream, key, data), false));
        });
  }

  @Override
  public CompletableFuture<AppendIf> appendIf(String stream, Position head, List<byte[]> batch) {
    Bounds.requireName("stream", stream);
    Objects.requireNonNull(head, "head");
    requireBatch(batch);
    return changed(
        stream,
        () ->
            open(stream).endsAt(head)
                ? new AppendIf.Done(grow(stream, batch))
                : new AppendIf.Moved(open(stream).head()));
  }

  @Override
  public Position head(String stream) {
    Bounds.requireName("stream", stream);
    return locked(() -> open(stream).head());
  }

  @Override
  public Read read(String stream, Position after, int limit) {
    Bounds.requireName("stream", stream);
    Objects.requireNonNull(after, "after");
    Bounds.requireCount("limit", limit, 1, MAX_BATCH);
    return locked(() -> open(stream).read(after, limit));
  }

  private Map<String, Read> readAll(Map<String, Position> after, int limit) {
    Map<String, Read> answer = new HashMap<>();
    after.forEach((stream, position) -> answer.put(stream, read(stream, position, limit)));
    return answer;
  }

  @Override
  public Tail tail(TailListener listener) {
    lifecycle.requireOpen();
    return tails.open(listener);
  }

  @Override
  public void trim(String stream, Retention keep) {
    Bounds.requireName("stream", stream);
    Objects.requireNonNull(keep, "keep");
    locked(() -> find(stream).map(there -> trim(there, keep)));
  }

  private long trim(MemoryStream stream, Retention keep) {
    long before = stream.size();
    stream.trim(keep, clock.millis());
    size -= before - stream.size();
    return size;
  }

  @Override
  public void delete(String stream) {
    Bounds.requireName("stream", stream);
    locked(() -> find(stream).map(there -> forget(stream)));
    tails.wake(stream);
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  private byte[] requireData(byte[] data) {
    return Bounds.requireValue("data", data, maxValueBytes);
  }

  private void requireBatch(List<byte[]> batch) {
    Bounds.requireCount("batch", batch.size(), 1, MAX_BATCH);
    batch.forEach(this::requireData);
    Bounds.requireTotal("batch", batch, Math.max(MAX_BATCH_BYTES, maxValueBytes));
  }

  private Optional<MemoryStream> find(String name) {
    Optional<MemoryStream> there = Optional.ofNullable(streams.get(name));
    if (there.filter(this::isIdle).isPresent()) {
      forget(name);
      return Optional.empty();
    }
    return there;
  }

  private boolean isIdle(MemoryStream stream) {
    return idleTtl.filter(span -> stream.touched() <= clock.millis() - span).isPresent();
  }

  private MemoryStream open(String name) {
    return find(name)
        .orElseGet(() -> {
          MemoryStream made = new MemoryStream(clock.millis(), random);
          streams.put(name, made);
          return made;
        });
  }

  private boolean forget(String name) {
    MemoryStream forgotten = streams.remove(name);
    size -= forgotten == null ? 0 : forgotten.size();
    return forgotten != null;
  }

  private List<Position> grow(String name, List<byte[]> batch) {
    return grow(name, batch, stream -> stream.append(batch, clock.millis()));
  }

  private Position grow(String name, String key, byte[] data) {
    return grow(name, List.of(data), stream -> stream.append(key, data, clock.millis()));
  }

  private <T> T grow(String name, List<byte[]> batch, Function<MemoryStream, T> append) {
    long added = MemoryStream.sizeOf(batch);
    if (size + added > maxBytes) {
      throw new UnavailableException(
          "stream '%s' was to grow by %d bytes but all have %d of maxBytes, %d; trim them"
              .formatted(name, added, size, maxBytes));
    }
    MemoryStream stream = open(name);
    streams.remove(name);
    streams.put(name, stream); // behind those that are idle for longer
    size += added;
    return append.apply(stream);
  }

  private void sweep() {
    Iterator<MemoryStream> idlest = streams.values().iterator();
    for (int i = 0; i < SWEEP && idlest.hasNext(); i++) {
      MemoryStream stream = idlest.next();
      if (!isIdle(stream)) {
        return;
      }
      size -= stream.size();
      idlest.remove();
    }
  }

  private <T> CompletableFuture<T> changed(String stream, Supplier<T> change) {
    lifecycle.requireOpen();
    try {
      T outcome = locked(change);
      tails.wake(stream);
      return CompletableFuture.completedFuture(outcome);
    } catch (UnavailableException full) {
      return CompletableFuture.failedFuture(full);
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      lifecycle.requireOpen();
      sweep();
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Streams in memory, idle ones too. */
  int count() {
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      tails.close();
      if (ownTimers != null) {
        ownTimers.close();
      }
      clear();
    });
  }

  private void clear() {
    lock.lock();
    try {
      streams.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Options of the log; for one thread. */
  public static final class Builder {
    private InstantSource clock = InstantSource.system();
    private @Nullable Timers timers;
    private ErrorHandler errors = ErrorHandler.logging();
    private int maxValueBytes = Bounds.VALUE_BYTES;
    private long maxBytes = 256L << 20;
    private Optional<Duration> idleTtl = Optional.empty();

    private final Set<String> given = new HashSet<>();

    private Builder() {}

    /** What time it is, for entries, keys and idle streams. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** What waits for the next poll of tails. Default: system timers of the log's own. */
    public Builder timers(Timers timers) {
      Given.once(given, "timers");
      this.timers = Objects.requireNonNull(timers, "timers");
      return this;
    }

    /** Told of what listeners of tails throw. Default: it is logged. */
    public Builder errorHandler(ErrorHandler errors) {
      Given.once(given, "errorHandler");
      this.errors = Objects.requireNonNull(errors, "errorHandler");
      return this;
    }

    /** Largest entry, in bytes. Default: {@link Bounds#VALUE_BYTES}. */
    public Builder maxValueBytes(int maxValueBytes) {
      Given.once(given, "maxValueBytes");
      this.maxValueBytes = maxValueBytes;
      return this;
    }

    /**
     * Most bytes of all entries together, of which each takes 100 more than its data; an append of
     * more fails with {@link UnavailableException}. Default: 256 MiB.
     */
    public Builder maxBytes(long maxBytes) {
      Given.once(given, "maxBytes");
      this.maxBytes = maxBytes;
      return this;
    }

    /** After how long without an append a stream is deleted, with its head. Default: never. */
    public Builder idleTtl(Duration idleTtl) {
      Given.once(given, "idleTtl");
      this.idleTtl = Optional.of(idleTtl);
      return this;
    }

    /**
     * Checks all options.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public InMemoryEventLog build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "maxValueBytes", maxValueBytes, maxValueBytes > 0, "at least 1");
      Given.require(faults, "maxBytes", maxBytes, maxBytes > 0, "at least 1");
      idleTtl.ifPresent(span ->
          Given.require(faults, "idleTtl", span, span.toMillis() > 0, "at least a millisecond"));
      Given.refuse(faults);
      return new InMemoryEventLog(this);
    }
  }
}
