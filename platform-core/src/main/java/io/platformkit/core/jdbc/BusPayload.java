package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * A message as text of a notification: {@code id namespaceLength topicLength namespace topic}, and
 * after a further space the data in Base64, or nothing if the data has a row of its own. The id
 * keeps equal messages from becoming one.
 *
 * @param data empty if it has a row of its own
 */
record BusPayload(long id, String namespace, String topic, Optional<byte[]> data) {
  /** PostgreSQL takes less than 8000 bytes. */
  private static final int MOST_BYTES = 7999;

  /** The message itself, or the way to its row if it is too large. */
  static BusPayload of(long id, String namespace, String topic, byte[] data) {
    BusPayload whole = new BusPayload(id, namespace, topic, Optional.of(data));
    return whole.text().getBytes(UTF_8).length <= MOST_BYTES
        ? whole
        : new BusPayload(id, namespace, topic, Optional.empty());
  }

  String text() {
    String names =
        "%x %d %d %s%s".formatted(id, namespace.length(), topic.length(), namespace, topic);
    return data.map(bytes -> names + " " + Base64.getEncoder().encodeToString(bytes)).orElse(names);
  }

  /** Reads what {@link #text} has written. */
  static BusPayload parse(String text) {
    String[] parts = text.split(" ", 4);
    int topicAt = Integer.parseInt(parts[1]);
    int end = topicAt + Integer.parseInt(parts[2]);
    String rest = parts[3];
    return new BusPayload(
        Long.parseLong(parts[0], 16),
        rest.substring(0, topicAt),
        rest.substring(topicAt, end),
        end == rest.length()
            ? Optional.empty()
            : Optional.of(Base64.getDecoder().decode(rest.substring(end + 1))));
  }
}
