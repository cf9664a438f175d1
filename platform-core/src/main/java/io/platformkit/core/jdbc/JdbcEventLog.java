package io.platformkit.core.jdbc;

import io.platformkit.core.Bounds;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.jdbc.Append.Placed;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** Streams as rows: one a stream, which counts, and one an entry. */
final class JdbcEventLog implements EventLog {
  private static final Duration DRAIN = Duration.ofSeconds(15);

  private final Database database;
  private final EventLogOptions options;
  private final int maxBytes;
  private final Lifecycle lifecycle = new Lifecycle("event log");
  private final RandomNumbers randoms = new RandomNumbers();
  private final List<Appends> lanes;
  private final LogReader reader;
  private final LogTrimmer trimmer;
  private final Tails tails;
  private final Cleaner.Task cleaning;

  JdbcEventLog(Database database, EventLogOptions options) {
    Session session = database.session();
    this.database = database;
    this.options = options;
    this.maxBytes = session.settings().maxValueBytes();
    this.lanes =
        Stream.generate(() -> new Appends(session, options, this::ring))
            .limit(session.dialect().writersOfALog())
            .toList();
    this.reader = new LogReader(session, options);
    this.trimmer = new LogTrimmer(session, options);
    this.tails = tails(session.settings());
    this.cleaning = database.cleaner().add("event log", trimmer::clean);
  }

  private void ring(Set<String> streams) {
    database.bell().ring(options.namespace(), streams);
  }

  private Tails tails(Settings settings) {
    Tails.Source source =
        new Tails.Source() {
          @Override
          public void arm() {
            database.bell().arm();
          }

          @Override
          public Map<String, Read> read(Map<String, Position> after, int limit) {
            return reader.read(after, limit);
          }
        };
    Tails made =
        Tails.of("jdbc-log", source, settings.timers(), Tails.DEFAULT_POLL, settings.errors());
    made.wakeUps(database.bell().hears());
    database.bell().add(options.namespace(), made);
    return made;
  }

  @Override
  public CompletableFuture<Position> append(String stream, byte[] data) {
    byte[] entry = entry(stream, data);
    return add(stream, List.of(entry), Optional.empty(), Optional.empty(), placed -> first(placed));
  }

  @Override
  public CompletableFuture<List<Position>> appendAll(String stream, List<byte[]> batch) {
    List<byte[]> entries = entries(stream, batch);
    return add(stream, entries, Optional.empty(), Optional.empty(), JdbcEventLog::positions);
  }

  @Override
  public CompletableFuture<Appended> append(String stream, String key, byte[] data) {
    byte[] entry = entry(stream, data);
    Bounds.requireName("key", key);
    return add(
        stream,
        List.of(entry),
        Optional.of(key),
        Optional.empty(),
        placed ->
            placed instanceof Placed.Known known
                ? new Appended(known.first(), true)
                : new Appended(first(placed), false));
  }

  @Override
  public CompletableFuture<AppendIf> appendIf(String stream, Position head, List<byte[]> batch) {
    List<byte[]> entries = entries(stream, batch);
    Objects.requireNonNull(head, "head");
    return add(
        stream,
        entries,
        Optional.empty(),
        Optional.of(head),
        placed ->
            placed instanceof Placed.Moved moved
                ? new AppendIf.Moved(moved.head())
                : new AppendIf.Done(positions(placed)));
  }

  private static List<Position> positions(Placed placed) {
    if (placed instanceof Placed.New(List<Position> positions)) {
      return positions;
    }
    throw new IllegalStateException("not appended: " + placed);
  }

  private static Position first(Placed placed) {
    return positions(placed).getFirst();
  }

  private List<byte[]> entries(String stream, List<byte[]> batch) {
    Bounds.requireCount("batch size", batch.size(), 1, MAX_BATCH);
    List<byte[]> entries = new ArrayList<>();
    batch.forEach(data -> entries.add(entry(stream, data)));
    Bounds.requireTotal("batch", entries, Math.max(MAX_BATCH_BYTES, maxBytes));
    return entries;
  }

  private byte[] entry(String stream, byte[] data) {
    lifecycle.requireOpen();
    Bounds.requireName("stream", stream);
    Objects.requireNonNull(data, "data");
    return Bounds.requireValue("entry of stream '%s'".formatted(stream), data, maxBytes).clone();
  }

  private <R> CompletableFuture<R> add(
      String stream,
      List<byte[]> entries,
      Optional<String> key,
      Optional<Position> onlyAt,
      Function<Placed, R> answer) {
    List<Long> marks = Stream.generate(randoms::next).limit(entries.size()).toList();
    Append<R> append =
        new Append<>(stream, entries, marks, key, onlyAt, answer, new CompletableFuture<>());
    lanes.get(Math.floorMod(stream.hashCode(), lanes.size())).add(append);
    return append.future();
  }

  @Override
  public Position head(String stream) {
    requireStream(stream);
    return reader.head(stream);
  }

  @Override
  public Read read(String stream, Position after, int limit) {
    requireStream(stream);
    Objects.requireNonNull(after, "after");
    Bounds.requireCount("limit", limit, 1, MAX_BATCH);
    return reader.read(stream, after, limit);
  }

  private void requireStream(String stream) {
    lifecycle.requireOpen();
    Bounds.requireName("stream", stream);
  }

  @Override
  public Tail tail(TailListener listener) {
    lifecycle.requireOpen();
    return tails.open(listener);
  }

  @Override
  public void trim(String stream, Retention keep) {
    requireStream(stream);
    Objects.requireNonNull(keep, "keep");
    trimmer.trim(stream, keep);
  }

  @Override
  public void delete(String stream) {
    requireStream(stream);
    trimmer.delete(stream);
    ring(Set.of(stream));
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.values());
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      database.closed(this);
      CloseOrder.within(DRAIN)
          .then("cleaning", cleaning::cancel)
          .then("appends", this::drain)
          .then("tails", this::closeTails)
          .run();
    });
  }

  private void drain() throws InterruptedException {
    for (Appends lane : lanes) {
      lane.drain();
    }
  }

  private void closeTails() {
    database.bell().remove(options.namespace(), tails);
    tails.close();
  }
}
