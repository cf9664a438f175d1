package io.platformkit.core.jdbc;

import io.platformkit.core.log.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What somebody wants appended.
 *
 * @param marks of the entries; the same however often it is tried
 * @param key empty: every time
 * @param onlyAt the head that the stream must have; empty: any
 * @param answer makes the caller's answer of what became of it
 */
record Append<R>(
    String stream,
    List<byte[]> entries,
    List<Long> marks,
    Optional<String> key,
    Optional<Position> onlyAt,
    Function<Placed, R> answer,
    CompletableFuture<R> future) {

  /** What became of it. */
  sealed interface Placed {
    /** All of it was appended. */
    record New(List<Position> positions) implements Placed {}

    /** The key was known. */
    record Known(Position first) implements Placed {}

    /** The head was another one. */
    record Moved(Position head) implements Placed {}
  }

  /** Room that it takes, while it waits and in its batch. */
  long bytes() {
    return entries.stream().mapToLong(data -> data.length + 100L).sum();
  }

  long firstMark() {
    return marks.getFirst();
  }

  long lastMark() {
    return marks.getLast();
  }

  void complete(Placed placed) {
    future.complete(answer.apply(placed));
  }
}
