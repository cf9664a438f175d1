package io.platformkit.core.redis;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stream says without a script: what is known of it, and entries from a position on,
 * included. Nothing comes of it where the position is not there, or the entry that must be next;
 * why that is so, the script finds out.
 *
 * @param largest bytes of the largest entry so far
 * @param floor the last entry that was trimmed
 */
record QuickAnswer(Position floor, Position head, long largest, List<Entry> entries) {
  /** Of what is known, in the order that {@link #of} expects. */
  static final List<String> FIELDS = List.of("epoch", "floor", "head", "max");

  /** Empty if there is no such stream. */
  static Optional<QuickAnswer> of(List<?> answer) {
    List<?> known = Answers.list(answer.getFirst());
    @Nullable Object epoch = known.getFirst();
    if (epoch == null) {
      return Optional.empty();
    }
    String text = Answers.text(epoch);
    return Optional.of(
        new QuickAnswer(
            LogAnswers.position(text, known.get(1)),
            LogAnswers.position(text, known.get(2)),
            Answers.digits(known.get(3)),
            entries(text, Answers.list(answer.getLast()))));
  }

  private static List<Entry> entries(String epoch, List<?> answer) {
    List<Entry> found = new ArrayList<>(answer.size());
    for (Object item : answer) {
      List<?> entry = Answers.list(item);
      List<?> fields = Answers.list(entry.getLast());
      found.add(LogAnswers.entry(epoch, entry.getFirst(), fields.get(1), fields.get(3)));
    }
    return found;
  }

  /** The first entries of all. */
  Optional<Read> oldest(int limit) {
    return next(floor, entries, limit);
  }

  /** The first entries after a position. */
  Optional<Read> after(Position position, int limit) {
    if (!entries.isEmpty() && entries.getFirst().at().isSameEntry(position)) {
      return next(position, entries.subList(1, entries.size()), limit);
    }
    return floor.isSameEntry(position) ? next(floor, entries, limit) : Optional.empty();
  }

  private Optional<Read> next(Position after, List<Entry> some, int limit) {
    boolean complete =
        some.isEmpty()
            ? head.isSameEntry(after)
            : some.getFirst().at().offset() == after.offset() + 1;
    return complete
        ? Optional.of(new Read.Entries(some.subList(0, Math.min(limit, some.size())), head))
        : Optional.empty();
  }
}
