package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.log.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes cursors for clients to bring back, signed for their user: a position is no permission.
 * Safe for concurrent use.
 *
 * <p>Base64 for URLs of: a format number, four bytes that tell keys apart, whether it has ended,
 * the number of topics, each with its position; and the first half of an HMAC-SHA256 of all that
 * and the user's id.
 */
final class Cursors {
  /** Why a stream may not have one more topic. */
  static final String TOO_LONG =
      "the names of a stream's topics with history are too long together for the ids of its events";

  private static final String ALGORITHM = "HmacSHA256";
  private static final byte FORMAT = 2;
  private static final int KEY_ID_BYTES = 4;
  private static final int MAC_BYTES = 16;
  private static final int MAX_POSITION_BYTES = Short.BYTES + Position.MAX_EPOCH + 2 * Long.BYTES;
  private static final int HEAD_BYTES = 1 + KEY_ID_BYTES + 1 + Short.BYTES;

  private final SecretKeySpec key;
  private final byte[] keyId;
  private final int maxLength;

  /**
   * Cursors of a key.
   *
   * @param maxLength that a client can bring back, in characters
   */
  Cursors(byte[] key, int maxLength) {
    this.maxLength = maxLength;
    this.key = new SecretKeySpec(key, ALGORITHM);
    try {
      keyId = Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key), KEY_ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What became of a cursor that a client brought. */
  sealed interface Reading {
    /** It is ours, and the user's. */
    record Right(Cursor cursor) implements Reading {}

    /** It was signed with another key, or is none: nobody knows any more. */
    record Unknown() implements Reading {}

    /** It was signed for another user, or by nobody. */
    record Forged() implements Reading {}
  }

  /** Whether a cursor over these topics is never too long, wherever they are. */
  boolean fits(Collection<String> topics) {
    int bytes = HEAD_BYTES + MAC_BYTES;
    for (String topic : topics) {
      bytes += Short.BYTES + topic.getBytes(UTF_8).length + MAX_POSITION_BYTES;
    }
    return Math.ceilDiv(bytes, 3) * 4 <= maxLength;
  }

  /**
   * Signs a cursor.
   *
   * @param user whose it is; empty if nobody is asked
   */
  String write(Cursor cursor, Optional<String> user) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.write(keyId);
      out.writeBoolean(cursor.ended());
      out.writeShort(cursor.positions().size());
      for (Map.Entry<String, Position> each : cursor.positions().entrySet()) {
        out.writeUTF(each.getKey());
        write(each.getValue(), out);
      }
      out.write(mac(bytes.toByteArray(), user));
    } catch (IOException e) {
      throw new UncheckedIOException("a cursor is written to memory", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  private static void write(Position position, DataOutputStream out) throws IOException {
    out.writeUTF(position.epoch());
    out.writeLong(position.offset());
    out.writeLong(position.mark());
  }

  Reading read(String text, Optional<String> user) {
    byte[] bytes;
    try {
      bytes = text.length() > maxLength ? new byte[0] : Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new Reading.Unknown();
    }
    int end = bytes.length - MAC_BYTES;
    if (end <= KEY_ID_BYTES
        || bytes[0] != FORMAT
        || !Arrays.equals(bytes, 1, 1 + KEY_ID_BYTES, keyId, 0, KEY_ID_BYTES)) {
      return new Reading.Unknown();
    }
    byte[] signed = Arrays.copyOf(bytes, end);
    byte[] mac = Arrays.copyOfRange(bytes, end, bytes.length);
    return MessageDigest.isEqual(mac, mac(signed, user))
        ? new Reading.Right(parse(signed))
        : new Reading.Forged();
  }

  private static Cursor parse(byte[] signed) {
    int head = 1 + KEY_ID_BYTES;
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(signed, head, signed.length - head))) {
      boolean ended = in.readBoolean();
      int topics = in.readUnsignedShort();
      Map<String, Position> positions = new LinkedHashMap<>();
      for (int i = 0; i < topics; i++) {
        positions.put(in.readUTF(), position(in));
      }
      return new Cursor(positions, ended);
    } catch (IOException e) {
      throw new UncheckedIOException("a cursor that we signed is whole", e);
    }
  }

  private static Position position(DataInputStream in) throws IOException {
    return new Position(in.readUTF(), in.readLong(), in.readLong());
  }

  private byte[] mac(byte[] bytes, Optional<String> user) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(bytes);
      user.ifPresent(id -> mac.update(id.getBytes(UTF_8)));
      return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
