package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An append, of which the server finds out whether an earlier sending has made it: by the mark of
 * its first entry.
 */
final class AppendCall extends Call {
  /** How much longer than since the first sending to look back. */
  private static final long MARGIN_MILLIS = 1_000;

  private final Target target;
  private final Terms terms;
  private final long[] marks;
  private final List<byte[]> data;

  /**
   * Where it goes.
   *
   * @param name of the stream, for messages
   * @param stream the name in bytes
   * @param entries key of the entries
   * @param meta key of what is known of the stream
   * @param gone key of what remembers that it was deleted
   */
  @SuppressWarnings("ArrayRecordComponent") // goes to the client as it is
  record Target(
      String name,
      byte[] stream,
      byte[] bell,
      byte[] entries,
      byte[] meta,
      byte[] gone,
      long idle) {}

  /**
   * What has to be so.
   *
   * @param memory key of what remembers an append's key; empty if there is none
   * @param head the only one that is right; empty: any
   * @param window how long the key is remembered, in ms
   */
  @SuppressWarnings("ArrayRecordComponent") // goes to the client as it is
  record Terms(byte[] memory, byte[] head, long window) {
    static final Terms NONE = new Terms(new byte[0], new byte[0], 0);
  }

  AppendCall(Target target, Terms terms, long[] marks, List<byte[]> data) {
    super(Kind.REPEATABLE, "append to stream", target.name(), CommandType.EVALSHA, Engine.args());
    this.target = target;
    this.terms = terms;
    this.marks = marks;
    this.data = data;
  }

  /** Of its entries, in order. */
  long mark(int index) {
    return marks[index];
  }

  int size() {
    return marks.length;
  }

  @Override
  CommandArgs<byte[], byte[]> args(long nanos) {
    long lookBack = nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + MARGIN_MILLIS;
    boolean keyed = terms.memory().length > 0;
    int keys = 2 + (keyed ? 1 : 0) + (lookBack > 0 ? 1 : 0);
    CommandArgs<byte[], byte[]> args = Engine.args().add(Scripts.APPEND.sha()).add(keys);
    args.addKey(target.entries()).addKey(target.meta());
    if (keyed) {
      args.addKey(terms.memory());
    }
    if (lookBack > 0) {
      args.addKey(target.gone());
    }
    args.add(target.bell()).add(target.stream()).add(target.idle());
    args.add(lookBack).add(terms.head()).add(terms.window());
    for (int i = 0; i < marks.length; i++) {
      args.add(marks[i]).add(data.get(i));
    }
    return args;
  }
}
