package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.platformkit.core.Bounds;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.redis.Call.Kind;
import io.platformkit.core.redis.Transaction.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads streams. A script costs the server twice as much as the same commands without one, for it
 * copies entries into Lua and back; so a page of which the size is known, as that of the stream's
 * largest entry is, is read by a transaction, and by the script if the position is not found where
 * it should be. Safe for concurrent use.
 */
final class LogReader {
  /** A read ends after so many bytes. */
  private static final int READ_BYTES = 8 << 20;

  /** The same for each of many streams. */
  private static final int LEAST_BYTES = 1 << 16;

  /**
   * Entries of a transaction at most: the bytes are too many if larger entries than ever were
   * appended since the last look, and this bounds by how many.
   */
  private static final int PAGE = 128;

  /** Streams that are read in one go. */
  private static final int STREAMS_AT_ONCE = 512;

  /** Streams of which the largest entry is known. */
  private static final int KNOWN = 10_000;

  private final Engine engine;
  private final byte[] entries;
  private final byte[] meta;
  private final long idle;
  private final Map<String, Long> largest = new ConcurrentHashMap<>();

  /**
   * Of one log.
   *
   * @param entries what keys of entries begin with
   * @param meta what keys of what is known of a stream begin with
   * @param idle in ms, or 0
   */
  LogReader(Engine engine, byte[] entries, byte[] meta, long idle) {
    this.engine = engine;
    this.entries = entries;
    this.meta = meta;
    this.idle = idle;
  }

  Read read(String stream, Position after, int limit) {
    Page page = new Page(stream, after, limit, READ_BYTES);
    engine.link().start(page.call);
    return page.read();
  }

  /** What is after positions, for as many streams as fit one answer. */
  Map<String, Read> readAll(Map<String, Position> after, int limit) {
    int bytes = Math.max(READ_BYTES / Math.max(1, after.size()), LEAST_BYTES);
    int count = Math.min(limit, PAGE);
    Map<String, Page> pages = new LinkedHashMap<>();
    after.entrySet().stream()
        .limit(STREAMS_AT_ONCE)
        .map(one -> new Page(one.getKey(), one.getValue(), count, bytes))
        .forEach(page -> pages.put(page.stream, page));
    engine.link().sendAll(pages.values().stream().map(page -> page.call).toList());
    Map<String, Read> found = new LinkedHashMap<>();
    pages.forEach((stream, page) -> found.put(stream, page.read()));
    return found;
  }

  private void learn(String stream, long size) {
    if (largest.size() >= KNOWN && !largest.containsKey(stream)) {
      largest.clear();
    }
    largest.put(stream, size);
  }

  /** One stream's read. */
  private final class Page {
    private final String stream;
    private final Position after;
    private final int limit;
    private final int bytes;
    private final boolean quick;
    private final Call call;

    Page(String stream, Position after, int limit, int bytes) {
      this.stream = stream;
      this.after = after;
      this.limit = limit;
      this.bytes = bytes;
      Long size = largest.get(stream);
      quick = size != null && limit <= PAGE && limit * size <= bytes;
      call = quick ? transaction() : script();
    }

    private Transaction transaction() {
      byte[] name = Bounds.requireName("stream", stream);
      CommandArgs<byte[], byte[]> known = Engine.args().addKey(Names.key(meta, name));
      QuickAnswer.FIELDS.forEach(known::add);
      String from = isOldest() ? "-" : after.offset() + "-" + after.mark();
      CommandArgs<byte[], byte[]> range = Engine.args().addKey(Names.key(entries, name));
      range.add(from).add("+").add("COUNT").add(limit + 1L);
      return new Transaction(
          Kind.READ,
          "read of stream",
          stream,
          new Part(CommandType.HMGET, known),
          new Part(CommandType.XRANGE, range));
    }

    private Call script() {
      byte[] name = Bounds.requireName("stream", stream);
      CommandArgs<byte[], byte[]> args =
          Engine.script(Scripts.READ, Names.key(entries, name), Names.key(meta, name));
      args.add(engine.random()).add(idle);
      args.add(isOldest() ? "" : after.epoch()).add(after.offset()).add(after.mark());
      args.add(limit).add(bytes);
      return new Call(Kind.READ, "read of stream", stream, CommandType.EVALSHA, args);
    }

    private boolean isOldest() {
      return after.equals(Position.OLDEST);
    }

    Read read() {
      List<?> answer = Answers.list(call.await());
      return quick
          ? quickly(answer).orElseGet(() -> byScript(engine.link().send(script())))
          : byScript(call);
    }

    private Optional<Read> quickly(List<?> answer) {
      return QuickAnswer.of(answer)
          .flatMap(found -> {
            learn(stream, found.largest());
            return isOldest() ? found.oldest(limit) : found.after(after, limit);
          });
    }

    private Read byScript(Call asked) {
      List<?> answer = Answers.list(asked.await());
      LogAnswers.largest(answer).ifPresent(size -> learn(stream, size));
      return LogAnswers.read(answer);
    }
  }
}
