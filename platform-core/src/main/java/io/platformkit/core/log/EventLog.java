package io.platformkit.core.log;

import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Append-only streams that are read after a position, now or as they grow. Safe for concurrent use.
 *
 * <p>Promises, kept by every implementation and proved by {@code EventLogContract}:
 *
 * <ul>
 *   <li>The offsets of a stream strictly increase, and each entry names the one before it, so a
 *       reader sees every gap. A batch is appended as a whole and without others between.
 *   <li>An entry that was acknowledged is seen by every later read. Two appends by one thread to
 *       one stream keep their order.
 *   <li>A read gives all entries after a position in order, or one {@link Read.Gap}, never a part
 *       of both. Positions stay valid when a stream is trimmed behind them, also to its end.
 *   <li>Each entry has a random mark. A position whose offset and mark are not those of an entry,
 *       or of what was trimmed last, is a gap: a server that was restored from an older copy is
 *       found out. The stream then starts a new {@link Position#epoch}; positions inside of what
 *       survived remain valid.
 *   <li>When an answer is lost, the adapter asks again and finds its own entry by its mark: an
 *       append makes one entry, or throws {@link OutcomeUnknownException}.
 * </ul>
 *
 * <p>Streams are names, see {@link io.platformkit.core.Bounds#requireName}; one that is not there
 * is made by the first append, head or read. Entries have at most 1 MiB unless the adapter was told
 * otherwise. Appends return a future that completes on a thread of the adapter, or of whoever waits
 * for it; all else blocks: bring a virtual thread. Bad arguments and a closed log throw at the call
 * ({@link IllegalArgumentException}, {@link NullPointerException}, {@link IllegalStateException});
 * a server that can't be asked is an {@link UnavailableException}, of the future for appends.
 */
public interface EventLog extends AutoCloseable {
  /** Most entries of a batch, and of one read. */
  int MAX_BATCH = 10_000;

  /**
   * Most bytes of a batch in all: 64 MiB; or one entry as large as the log takes, if that is more.
   */
  int MAX_BATCH_BYTES = 64 << 20;

  /** How long the key of {@link #append(String, String, byte[])} is known, at least. */
  Duration KEY_WINDOW = Duration.ofMinutes(5);

  /** What a log may or may not be able to do; the rest is {@link UnsupportedOperationException}. */
  enum Capability {
    /** The offset of an entry is one more than that of the entry before. */
    DENSE,
    /** {@link #append(String, String, byte[])}. */
    KEYED,
    /** {@link #appendIf}. */
    CONDITIONAL,
    /** {@link #trim} and {@link #delete}. */
    TRIM
  }

  /**
   * Appends one entry.
   *
   * @param data copied or sent before this returns
   */
  CompletableFuture<Position> append(String stream, byte[] data);

  /**
   * Appends all entries or none, next to each other.
   *
   * @param batch 1 to {@value #MAX_BATCH} entries, of {@link #MAX_BATCH_BYTES} in all
   * @return their positions, in order
   */
  CompletableFuture<List<Position>> appendAll(String stream, List<byte[]> batch);

  /**
   * Appends one entry unless the key was appended to the stream in the last {@link #KEY_WINDOW}.
   *
   * @param key a name, of this stream
   */
  CompletableFuture<Appended> append(String stream, String key, byte[] data);

  /**
   * Appends all entries if the stream ends at the position, or none.
   *
   * @param batch 1 to {@value #MAX_BATCH} entries, of {@link #MAX_BATCH_BYTES} in all
   */
  CompletableFuture<AppendIf> appendIf(String stream, Position head, List<byte[]> batch);

  /**
   * Where the stream ends now. Makes the stream, so that its first entry comes after the answer.
   */
  Position head(String stream);

  /**
   * What is after a position. A position of another stream is a gap like any other.
   *
   * @param limit entries at most, from 1 to {@value #MAX_BATCH}; fewer come when they are large
   */
  Read read(String stream, Position after, int limit);

  /** Follows streams; add them to what is returned. */
  Tail tail(TailListener listener);

  /** Forgets the oldest entries; the head stays. A stream that is not there stays so. */
  void trim(String stream, Retention keep);

  /** Forgets a stream with its head; positions in it are gaps from then on. */
  void delete(String stream);

  /** What this log can do. */
  Set<Capability> capabilities();

  /** Ends all tails, completes what was appended, releases what the log itself opened. */
  @Override
  void close();
}
