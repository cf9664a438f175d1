package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import io.platformkit.core.redis.TestCertificate;
import io.platformkit.realtime.Message;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS itself. */
@Timeout(60)
class SecureServerIT extends ServerCase {
  private static final int PATIENCE_MILLIS = 30_000;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;

  @Test
  void socketsAndStreamsAreOpenedOverTlsAndWhoSpeaksPlainTextHarmsNobody() throws Exception {
    TestCertificate certificate = TestCertificate.in(folder);
    RealtimeServer server =
        started(
            RealtimeServer.builder()
                .tls(
                    SslContextBuilder.forServer(
                            certificate.certificate().toFile(), certificate.key().toFile())
                        .build())
                .errorHandler((where, failure) -> failures.add(failure)));
    assertThat(server.uri()).hasScheme("https");
    HttpClient http = closing(trusting(certificate.certificate()));
    TestClient socket = closing(TestClient.connect(http, server.uri()));
    socket.send("subscribe", "1", Map.of("topics", List.of("news")));
    socket.await("subscribed");
    SseReader stream = closing(SseReader.open(http, server.uri(), "/sse?topics=news", null));
    stream.await("subscribed");

    for (String plain : List.of("GET /ws HTTP/1.1\r\nHost: h\r\n\r\n", "\0\1\2", "")) {
      assertIsCut(server, plain);
    }
    server.publish("news", Message.of("n", 1)).join();

    assertThat(socket.await("n")).containsEntry("payload", 1);
    assertThat(stream.await("n").envelope()).containsEntry("payload", 1);
    assertThat(failures).isEmpty();
  }

  /** Without a word in plain text. */
  private static void assertIsCut(RealtimeServer server, String said) throws Exception {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      plain.setSoTimeout(PATIENCE_MILLIS);
      plain.getOutputStream().write(said.getBytes(US_ASCII));
      plain.shutdownOutput();
      byte[] answer = plain.getInputStream().readAllBytes();
      assertThat(new String(answer, US_ASCII)).doesNotContain("HTTP/1.1");
    }
  }

  private static HttpClient trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
