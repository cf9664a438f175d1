package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Commands that the server does together, with nothing between; the answer is the list of theirs.
 * If the server refuses one, none is done.
 */
final class Transaction extends Call {
  private static final Word MULTI = new Word("multi");
  private static final Word EXEC = new Word("exec");

  private final List<Part> before;

  Transaction(Kind kind, String what, String id, Part first, Part second) {
    super(kind, what, id, EXEC, Engine.args());
    before = List.of(new Part(MULTI, Engine.args()), first, second);
  }

  @Override
  List<Part> before() {
    return before;
  }

  /** In lower case: at its own words the client would begin a transaction of its own as well. */
  private record Word(String text) implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** One command of it. */
  record Part(ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {}
}
