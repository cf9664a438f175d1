package io.platformkit.realtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Ids;
import io.platformkit.core.Json;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.Message;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages to bytes for the log and the bus, and back to envelopes. What is stored is a format
 * number, when it was published, the type and the session that does not get it, each behind its
 * length, and the members of the envelope that do not depend on the place: so an envelope is made
 * without reading JSON.
 */
final class Codec {
  private static final byte FORMAT = 2;
  private static final int HEAD_BYTES = 1 + Long.BYTES + 2 * Short.BYTES;

  private final Json json;
  private final InstantSource clock;
  private final ErrorHandler errors;
  private final Ids ids = Ids.create();
  private final Map<String, byte[]> openings = new ConcurrentHashMap<>();

  Codec(Json json, InstantSource clock, ErrorHandler errors) {
    this.json = json;
    this.clock = clock;
    this.errors = errors;
  }

  /**
   * Encodes a message with a new id.
   *
   * @throws IllegalArgumentException if no JSON can be made of its payload
   */
  Encoded encode(Message message) {
    String id = ids.nextText();
    Instant now = clock.instant();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("type", message.type());
    members.put("id", id);
    members.put("timestamp", now.toString());
    members.put("payload", message.payload());
    members.put("metadata", message.metadata());
    byte[] type = message.type().getBytes(UTF_8);
    byte[] except = message.except().orElse("").getBytes(UTF_8);
    byte[] rest = json.encode(members);
    ByteBuffer data = ByteBuffer.allocate(HEAD_BYTES + type.length + except.length + rest.length);
    data.put(FORMAT).putLong(now.toEpochMilli());
    data.putShort((short) type.length).put(type);
    data.putShort((short) except.length).put(except).put(rest);
    return new Encoded(id, message.key(), data.array());
  }

  /** The envelope of what was stored; empty, and told, if it can't be read. */
  Optional<Delivery> decode(String topic, StoredMessage stored) {
    try {
      ByteBuffer data = ByteBuffer.wrap(stored.data());
      byte format = data.get();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "format was '%d' but this version reads '%d'".formatted(format, FORMAT));
      }
      long publishedAt = data.getLong();
      String type = text(data);
      String except = text(data);
      byte[] envelope = envelope(opening(topic), stored.at(), data);
      return Optional.of(new Delivery(type, except, stored.at(), publishedAt, envelope));
    } catch (RuntimeException notOurs) {
      errors.handle("message of topic '%s' at %s".formatted(topic, stored.at()), notOurs);
      return Optional.empty();
    }
  }

  private static String text(ByteBuffer data) {
    byte[] bytes = new byte[Short.toUnsignedInt(data.getShort())];
    data.get(bytes);
    return new String(bytes, UTF_8);
  }

  private byte[] opening(String topic) {
    return openings.computeIfAbsent(
        topic,
        name ->
            "{\"version\":%d,\"topic\":%s,"
                .formatted(Delivery.VERSION, json.encodeText(name))
                .getBytes(UTF_8));
  }

  /** No topic is known for ever. */
  void forget(String topic) {
    openings.remove(topic);
  }

  private static byte[] envelope(byte[] opening, @Nullable Position at, ByteBuffer rest) {
    if (rest.get() != '{') {
      throw new IllegalArgumentException("the members were no JSON object");
    }
    byte[] offset =
        at == null ? new byte[0] : ("\"offset\":\"" + at.token() + "\",").getBytes(UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(opening.length + offset.length + rest.remaining());
    bytes.put(opening).put(offset).put(rest);
    return bytes.array();
  }
}
