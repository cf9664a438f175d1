package io.platformkit.core.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A socket that speaks HTTP byte by byte, for what no proper client would send. */
public final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;

  /** Connects; every read ends after a minute. */
  public RawHttp(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  /** Sends the text as ISO 8859-1. */
  public RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes at once. */
  public RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Says that nothing more will be sent. */
  public RawHttp finish() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** One answer: its head, and a body of known length. */
  public String answer() throws IOException {
    String head = head();
    return head + new String(in().readNBytes(contentLength(head)), StandardCharsets.UTF_8);
  }

  /** The head of one answer; empty if the connection ended before. */
  public String head() throws IOException {
    var head = new ByteArrayOutputStream();
    int next;
    while (!endsHead(head.toString(StandardCharsets.ISO_8859_1)) && (next = in().read()) >= 0) {
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static boolean endsHead(String head) {
    return head.endsWith("\r\n\r\n");
  }

  private static int contentLength(String head) {
    return head.lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  /** Everything until the connection ends, whether it is closed or reset. */
  public String untilEnd() {
    var all = new ByteArrayOutputStream();
    try {
      in().transferTo(all);
    } catch (IOException reset) {
      all.writeBytes("<reset>".getBytes(StandardCharsets.ISO_8859_1));
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** What the server sends. */
  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
