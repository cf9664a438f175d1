package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receives numbers of one topic over a socket with small buffers, keeps only what came between
 * them, and stops reading when it is told to. Reads on a thread of its own.
 */
final class RawSubscriber implements AutoCloseable {
  private static final int BUFFER = 16 << 10;
  private static final int HEAD = 400; // of an envelope; its number is in there
  private static final int END_OF_HEAD = 0x0D0A0D0A;
  private static final int CLOSE = 8;
  private static final int SHORT = 126;
  private static final int MASKED = 0x80;
  private static final Pattern TYPE = Pattern.compile("\"type\":\"(\\w+)\"");
  private static final Pattern NUMBER = Pattern.compile("\"i\":(\\d+)");

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Semaphore mayRead = new Semaphore(1);
  private final List<String> oddities = new CopyOnWriteArrayList<>();
  private volatile int next;
  private volatile int closeCode;
  private volatile boolean over;

  private RawSubscriber(URI node) throws IOException {
    socket.setReceiveBufferSize(BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.getPort()));
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** One that is subscribed. */
  static RawSubscriber to(URI node, String topic) throws IOException {
    RawSubscriber made = new RawSubscriber(node);
    made.out.writeBytes(
        """
        GET /ws HTTP/1.1\r
        Host: 127.0.0.1\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \r
        """);
    made.skipHead();
    made.send("{\"type\":\"subscribe\",\"payload\":{\"topics\":[\"%s\"]}}".formatted(topic));
    String type = made.read();
    while (!type.equals("subscribed")) {
      type = made.read();
    }
    Thread.ofVirtual().start(made::readAll);
    return made;
  }

  private void skipHead() throws IOException {
    int ending = 0; // its four last bytes
    while (ending != END_OF_HEAD) {
      ending = ending << 8 | in.readByte();
    }
  }

  private void send(String text) throws IOException {
    byte[] mask = new byte[4];
    out.writeByte(0x81);
    out.writeByte(MASKED | text.length());
    out.write(mask);
    out.writeBytes(text);
  }

  private void readAll() {
    try {
      String type = "";
      while (!type.equals("close")) {
        mayRead.acquireUninterruptibly();
        mayRead.release();
        type = read();
      }
    } catch (EOFException | SocketException cut) {
      // it is over, without a word
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      over = true;
    }
  }

  /** One frame: its type. */
  private String read() throws IOException {
    int opcode = in.readByte() & 0xF;
    int length = in.readByte();
    if (length == SHORT) {
      length = in.readUnsignedShort();
    }
    if (opcode == CLOSE) {
      closeCode = in.readUnsignedShort();
      return "close";
    }
    String head = new String(in.readNBytes(Math.min(length, HEAD)), ISO_8859_1);
    in.skipNBytes(Math.max(0, length - HEAD));
    return take(head);
  }

  private String take(String head) {
    String type = found(TYPE, head);
    if (type.equals("n")) {
      int number = Integer.parseInt(found(NUMBER, head));
      if (number != next) {
        oddities.add("%d instead of %d".formatted(number, next));
      }
      next = number + 1;
    } else if (type.equals("gap")) {
      oddities.add(type);
    }
    return type;
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("there is no " + pattern);
    }
    return matcher.group(1);
  }

  void stopReading() {
    mayRead.acquireUninterruptibly();
  }

  void readOn() {
    mayRead.release();
  }

  /** The number that is due. */
  int next() {
    return next;
  }

  /** Gaps that it was told of, and numbers that were not due. */
  List<String> oddities() {
    return oddities;
  }

  boolean isOver() {
    return over;
  }

  /** Whether the server has ended the connection, within seconds; once it is over. */
  boolean isEnded() throws IOException {
    socket.setSoTimeout(5_000);
    try {
      while (in.read() >= 0) {
        // what came behind the Close
      }
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** 0 if nothing was said. */
  int closeCode() {
    return closeCode;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
