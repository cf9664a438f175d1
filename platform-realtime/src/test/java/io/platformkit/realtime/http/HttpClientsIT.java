package io.platformkit.realtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.RawHttp;
import io.platformkit.core.http.Response;
import java.io.File;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that we did not write. */
class HttpClientsIT extends NettyHttpCase {
  private final HttpEndpoint telling =
      request ->
          Response.text(
              "%s %s %d".formatted(request.method(), request.url(), request.body().length));

  @Test
  void theOldClientOfTheJdkStreamsBothWays() throws Exception {
    NettyHttpServer server =
        start(options(request -> Response.stream("text/plain", out -> out.write(request.body()))));
    byte[] body = "0123456789".repeat(50_000).getBytes(UTF_8);
    var connection = (HttpURLConnection) server.uri().toURL().openConnection();
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(1000);
    try (var out = connection.getOutputStream()) {
      out.write(body);
    }
    try (InputStream in = connection.getInputStream()) {
      assertThat(in.readAllBytes()).isEqualTo(body);
    }
  }

  @Test
  void theNewClientOfTheJdkWaitsToBeAskedForItsBody() throws Exception {
    NettyHttpServer server = start(options(telling));
    try (HttpClient client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(server.uri())
              .expectContinue(true)
              .POST(BodyPublishers.ofByteArray(new byte[100_000]))
              .build();
      assertThat(client.send(request, BodyHandlers.ofString()).body())
          .isEqualTo("POST " + server.uri() + " 100000");
    }
  }

  @Test
  void curlSpeaksEveryVersionItKnows() throws Exception {
    assumeTrue(isInstalled("curl"), "curl is not installed");
    URI server = start(options(telling)).uri();
    assertThat(curl("--http1.1", "" + server)).isEqualTo("GET " + server + " 0");
    assertThat(curl("--http1.0", "" + server)).isEqualTo("GET " + server + " 0");
    assertThat(curl("--http2", "" + server)).isEqualTo("GET " + server + " 0");
    assertThat(curl("-d", "abc", "" + server)).isEqualTo("POST " + server + " 3");
    assertThat(curl("-H", "Expect: 100-continue", "-d", "abc", "" + server))
        .isEqualTo("POST " + server + " 3");
    assertThat(curl("-I", "" + server)).startsWith("HTTP/1.1 200 OK");
    assertThat(curl(server + "[1-3]")).contains("/1 0GET", "/2 0GET").endsWith("/3 0");
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "--max-time", "60"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), UTF_8);
    }
  }

  @Nested
  class OverTls {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theUrlSaysSo(Transport transport) throws Exception {
      KeyStore keys = selfSigned();
      NettyHttpServer server =
          closedAtTheEnd(NettyHttpServer.start(transport, options(telling), serverSide(keys)));
      try (HttpClient client = HttpClient.newBuilder().sslContext(clientSide(keys)).build()) {
        for (int i = 0; i < 3; i++) {
          var request =
              HttpRequest.newBuilder(server.uri())
                  .POST(BodyPublishers.ofByteArray(new byte[100_000]))
                  .build();
          assertThat(server.uri().getScheme()).isEqualTo("https");
          assertThat(client.send(request, BodyHandlers.ofString()).body())
              .isEqualTo("POST " + server.uri() + " 100000");
        }
      }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aRefusalArrives(Transport transport) throws Exception {
      KeyStore keys = selfSigned();
      NettyHttpServer server =
          closedAtTheEnd(NettyHttpServer.start(transport, options(telling), serverSide(keys)));
      try (HttpClient client = HttpClient.newBuilder().sslContext(clientSide(keys)).build()) {
        var request =
            HttpRequest.newBuilder(server.uri())
                .POST(BodyPublishers.ofByteArray(new byte[4 << 20]))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
      }
      awaitNoConnection(server);
    }

    @Test
    void whoeverSpeaksNoTlsIsCutOff() throws Exception {
      NettyHttpServer server =
          closedAtTheEnd(
              NettyHttpServer.start(Transport.best(), options(telling), serverSide(selfSigned())));
      try (var raw = new RawHttp(server.uri())) {
        assertThat(raw.send(GET).untilEnd()).doesNotContain("HTTP/1.1");
      }
      awaitNoConnection(server);
      assertThat(count("cut", "tls")).isEqualTo(1);
      assertThat(failures).isEmpty();
    }

    private KeyStore selfSigned() throws Exception {
      Path file = folder.resolve("keys.p12");
      Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
      Process made =
          new ProcessBuilder(
                  keytool.toString(),
                  "-genkeypair",
                  "-keyalg",
                  "EC",
                  "-alias",
                  "server",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "SAN=IP:127.0.0.1",
                  "-storepass",
                  "secret",
                  "-keystore",
                  file.toString())
              .inheritIO()
              .start();
      assertThat(made.waitFor()).isZero();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, "secret".toCharArray());
      }
      return keys;
    }

    private static SslContext serverSide(KeyStore keys) throws Exception {
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keys, "secret".toCharArray());
      return SslContextBuilder.forServer(factory).build();
    }

    private static SSLContext clientSide(KeyStore keys) throws Exception {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", keys.getCertificate("server"));
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    }
  }
}
