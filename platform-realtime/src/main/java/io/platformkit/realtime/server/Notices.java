package io.platformkit.realtime.server;

import io.platformkit.realtime.Audience;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Notices to bytes for the bus, and back: a format number, the kind, names behind their lengths,
 * and then the envelope or the command as it is.
 */
final class Notices {
  /** Most bytes that a command's notice has beside the command. */
  static final int MAX_HEAD = 1 << 10;

  private static final int FORMAT = 1;
  private static final int TO_TOPIC = 1;
  private static final int TO_USER = 2;
  private static final int TO_EVERYONE = 3;
  private static final int REVOKED = 4;
  private static final int POSTED = 5;
  private static final int RECEIVED = 6;

  private Notices() {}

  static byte[] encode(Notice notice) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      write(notice, out);
    } catch (IOException e) {
      throw new UncheckedIOException("a notice is written to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(Notice notice, DataOutputStream out) throws IOException {
    switch (notice) {
      case Notice.Told told -> {
        switch (told.to()) {
          case Audience.Topic topic -> head(out, TO_TOPIC, topic.name());
          case Audience.User user -> head(out, TO_USER, user.id());
          case Audience.Everyone everyone -> head(out, TO_EVERYONE);
        }
        names(out, told.except().orElse(""), told.type());
        out.write(told.envelope());
      }
      case Notice.Revoked revoked -> head(out, REVOKED, revoked.principal());
      case Notice.Posted posted -> {
        head(out, POSTED, posted.number(), posted.from(), posted.session());
        names(out, posted.caller().orElse(""));
        out.write(posted.command());
      }
      case Notice.Received received ->
          head(out, RECEIVED, received.number(), received.receipt().name());
    }
  }

  private static void head(DataOutputStream out, int kind, String... names) throws IOException {
    out.writeByte(kind);
    names(out, names);
  }

  private static void names(DataOutputStream out, String... names) throws IOException {
    for (String name : names) {
      out.writeUTF(name);
    }
  }

  /**
   * Reads what a node has sent.
   *
   * @throws IllegalArgumentException if this version does not know it
   */
  static Notice decode(byte[] data) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(data))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "format was '%d' but this version reads '%d'".formatted(format, FORMAT));
      }
      return read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "a notice of %d bytes was cut short".formatted(data.length), e);
    }
  }

  private static Notice read(DataInputStream in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case TO_TOPIC -> told(Audience.topic(in.readUTF()), in);
      case TO_USER -> told(Audience.user(in.readUTF()), in);
      case TO_EVERYONE -> told(Audience.everyone(), in);
      case REVOKED -> new Notice.Revoked(in.readUTF());
      case POSTED ->
          new Notice.Posted(
              in.readUTF(), in.readUTF(), in.readUTF(), perhaps(in), in.readAllBytes());
      case RECEIVED -> new Notice.Received(in.readUTF(), Receipt.valueOf(in.readUTF()));
      default -> throw new IllegalArgumentException("kind was '%d'".formatted(kind));
    };
  }

  private static Notice told(Audience to, DataInputStream in) throws IOException {
    return new Notice.Told(to, perhaps(in), in.readUTF(), in.readAllBytes());
  }

  /** A name, which is never empty if it is there. */
  private static Optional<String> perhaps(DataInputStream in) throws IOException {
    return Optional.of(in.readUTF()).filter(name -> !name.isEmpty());
  }
}
