package io.platformkit.core.redis;

import io.platformkit.core.log.AppendIf;
import io.platformkit.core.log.Appended;
import io.platformkit.core.log.Entry;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the scripts of the log answer; each says it in its first lines. */
final class LogAnswers {
  private LogAnswers() {}

  static List<Position> positions(List<?> answer, AppendCall call) {
    requireKnown(answer, call);
    String epoch = Answers.text(answer.get(1));
    long first = Answers.number(answer.get(2));
    if (call.size() == 1) {
      return List.of(new Position(epoch, first, call.mark(0)));
    }
    List<Position> positions = new ArrayList<>(call.size());
    for (int i = 0; i < call.size(); i++) {
      positions.add(new Position(epoch, first + i, call.mark(i)));
    }
    return positions;
  }

  static Appended appended(List<?> answer, AppendCall call) {
    if (Answers.number(answer.getFirst()) != 1) {
      return new Appended(positions(answer, call).getFirst(), false);
    }
    Position at = position(answer.get(1), answer.get(2));
    return new Appended(at, at.mark() != call.mark(0));
  }

  static AppendIf appendedIf(List<?> answer, AppendCall call) {
    return Answers.number(answer.getFirst()) == 2
        ? new AppendIf.Moved(position(answer.get(1), answer.get(2)))
        : new AppendIf.Done(positions(answer, call));
  }

  private static void requireKnown(List<?> answer, AppendCall call) {
    if (Answers.number(answer.getFirst()) == 3) {
      throw call.ambiguous();
    }
  }

  static Read read(List<?> answer) {
    Object epoch = answer.get(1);
    return switch ((int) Answers.number(answer.getFirst())) {
      case 1 -> gap(Read.Reason.EPOCH, answer);
      case 2 -> gap(Read.Reason.TRIMMED, answer);
      case 3 -> gap(Read.Reason.ROLLED_BACK, answer);
      default -> new Read.Entries(entries(answer), position(epoch, answer.get(2)));
    };
  }

  /** Bytes of the stream's largest entry; a gap does not say it. */
  static OptionalLong largest(List<?> answer) {
    return Answers.number(answer.getFirst()) == 0
        ? OptionalLong.of(Answers.digits(answer.get(3)))
        : OptionalLong.empty();
  }

  private static Read.Gap gap(Read.Reason why, List<?> answer) {
    Object epoch = answer.get(1);
    return new Read.Gap(why, position(epoch, answer.get(2)), position(epoch, answer.get(3)));
  }

  private static List<Entry> entries(List<?> answer) {
    String epoch = Answers.text(answer.get(1));
    List<Entry> found = new ArrayList<>((answer.size() - 4) / 3);
    for (int i = 4; i < answer.size(); i += 3) {
      found.add(entry(epoch, answer.get(i), answer.get(i + 1), answer.get(i + 2)));
    }
    return found;
  }

  static Entry entry(
      String epoch, @Nullable Object id, @Nullable Object time, @Nullable Object data) {
    Position at = position(epoch, id);
    Instant appended = Instant.ofEpochMilli(Answers.digits(time));
    return new Entry(at, at.offset() - 1, appended, Answers.bytes(data));
  }

  static Position position(@Nullable Object epoch, @Nullable Object id) {
    return position(Answers.text(epoch), id);
  }

  static Position position(String epoch, @Nullable Object id) {
    return position(epoch, Answers.text(id));
  }

  static Position position(String epoch, String id) {
    int dash = id.indexOf('-');
    return new Position(
        epoch, Long.parseLong(id, 0, dash, 10), Long.parseLong(id, dash + 1, id.length(), 10));
  }
}
