package io.platformkit.core.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any answer: bytes, a {@link Long}, null, or a list of these. */
final class Reply extends CommandOutput<byte[], byte[], Object> {
  private @Nullable Object value;
  private @Nullable Deque<List<@Nullable Object>> open;

  Reply() {
    super(ByteArrayCodec.INSTANCE, "");
  }

  /** What the server said. */
  @Nullable Object value() {
    return value;
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      put(null);
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    put(copy);
  }

  @Override
  public void set(long integer) {
    put(integer);
  }

  @Override
  public void multi(int count) {
    if (count < 0) {
      put(null);
      return;
    }
    List<@Nullable Object> list = new ArrayList<>(count);
    put(list);
    if (open == null) {
      open = new ArrayDeque<>();
    }
    open.push(list);
  }

  @Override
  public void complete(int depth) {
    if (open != null && open.size() > depth) {
      open.pop();
    }
  }

  private void put(@Nullable Object item) {
    if (open == null || open.isEmpty()) {
      value = item;
    } else {
      open.peek().add(item);
    }
  }
}
