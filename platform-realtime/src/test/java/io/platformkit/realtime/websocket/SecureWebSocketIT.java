package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.DataInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a connection over TLS: the Close arrives, then the end of the server's half. */
class SecureWebSocketIT {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final int CLOSE_BYTES = 4;
  private static final int PATIENCE_MILLIS = 30_000;

  @TempDir private Path folder;

  @Test
  void theClientSeesItsMessagesTheCloseAndTheEnd() throws Exception {
    KeyStore keys = newKeys();
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    try (EchoServer server =
            EchoServer.start(
                WebSocketOptions.defaults(),
                0,
                Optional.of(SslContextBuilder.forServer(own).build()),
                Echo::new);
        SSLSocket client = connect(keys, server.port())) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      client.getOutputStream().write(RawClient.handshake());
      assertThat(head(in)).startsWith("HTTP/1.1 101 ");

      client.getOutputStream().write(Wire.join(Wire.text("hello"), Wire.close(4001, "bye")));

      assertThat(in.readNBytes(2 + 5)).endsWith("hello".getBytes(StandardCharsets.US_ASCII));
      assertThat(in.readNBytes(CLOSE_BYTES))
          .isEqualTo(new byte[] {(byte) 0x88, 2, 0x0F, (byte) 0xA1});
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  private static String head(DataInputStream in) throws Exception {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static SSLSocket connect(KeyStore keys, int port) throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private KeyStore newKeys() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      return keys;
    }
  }
}
