package io.platformkit.core.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.bus.MessageBus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What nodes tell each other: sixteen bytes of the sender, then the names that have changed, each
 * after two bytes of its length. Without names, all have.
 */
record Message(UUID sender, List<String> names) {
  /** Messages that the bus takes, for any number of names. */
  static List<byte[]> encode(UUID sender, List<String> names) {
    List<byte[]> messages = new ArrayList<>();
    ByteBuffer message = begin(sender);
    for (String name : names) {
      byte[] bytes = name.getBytes(UTF_8);
      if (message.remaining() < Short.BYTES + bytes.length) {
        messages.add(end(message));
        message = begin(sender);
      }
      message.putShort((short) bytes.length).put(bytes);
    }
    messages.add(end(message));
    return messages;
  }

  private static ByteBuffer begin(UUID sender) {
    return ByteBuffer.allocate(MessageBus.MAX_BYTES)
        .putLong(sender.getMostSignificantBits())
        .putLong(sender.getLeastSignificantBits());
  }

  private static byte[] end(ByteBuffer message) {
    byte[] bytes = new byte[message.position()];
    message.flip().get(bytes);
    return bytes;
  }

  /**
   * Reads one.
   *
   * @throws RuntimeException if it is none
   */
  static Message decode(byte[] bytes) {
    ByteBuffer message = ByteBuffer.wrap(bytes);
    UUID sender = new UUID(message.getLong(), message.getLong());
    List<String> names = new ArrayList<>();
    while (message.hasRemaining()) {
      byte[] name = new byte[message.getShort()];
      message.get(name);
      names.add(new String(name, UTF_8));
    }
    return new Message(sender, names);
  }

  /** Whether it names nothing, and so means all. */
  boolean isAll() {
    return names.isEmpty();
  }
}
