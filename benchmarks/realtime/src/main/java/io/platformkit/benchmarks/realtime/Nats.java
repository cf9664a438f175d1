package io.platformkit.benchmarks.realtime;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * NATS has no publisher of its own: a client publishes, over TCP, and what the server needs to read
 * that is in its figures.
 */
final class Nats {
  private static final int PATIENCE_MILLIS = 10_000;

  private Nats() {}

  static ServerProcess start(Path program, Path folder) throws IOException, InterruptedException {
    int clients = freePort();
    int sockets = freePort();
    Path config = folder.resolve("nats.conf");
    Files.writeString(
        config,
        """
        listen: "127.0.0.1:%d"
        ping_interval: "1h"
        websocket { listen: "127.0.0.1:%d", no_tls: true }
        """
            .formatted(clients, sockets));
    Process process =
        new ProcessBuilder(program.toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nats.log").toFile())
            .start();
    OutputStream publisher = connect(clients).getOutputStream();
    publisher.write("CONNECT {\"verbose\":false}\r\n".getBytes(US_ASCII));
    connect(sockets).close();
    byte[] publish = "PUB news 100\r\n%s\r\n".formatted(Orders.TEXT).getBytes(US_ASCII);
    return new ServerProcess(process, sockets, publisher, publish);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Socket connect(int port) throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException notYet) {
        if (System.currentTimeMillis() > end) {
          throw notYet;
        }
        Thread.sleep(50);
      }
    }
  }
}
