package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.ContractServer;
import io.platformkit.core.Proofs;
import io.platformkit.core.TcpProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * As {@link ChaosContract}, on a server that nodes share: one is killed, another one cut off it.
 */
abstract class ServerChaosContract extends ChaosContract {
  /** The same for all tests. */
  abstract ContractServer server();

  /** Opens a node of this process. */
  abstract RealtimeServer newNode(int port);

  /** How {@link NodeChild} calls such servers. */
  abstract String kind();

  @Override
  final RealtimeServer newNode() {
    return newNode(server().port());
  }

  @Test
  void aNodeThatIsKilledInMidStreamLosesNothing() throws Exception {
    RealtimeServer one = join(newNode());
    Process child = child(server().port());
    URI killed = uri(child);
    join(killed);
    send(Proofs.times(10, 50));

    run(
        one,
        10,
        () -> {
          awaitNumbers(500);
          child.destroyForcibly();
          leave(killed);
        });

    assertNoGap();
  }

  private Process child(int port) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeChild.class.getName(),
                kind(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    closing(child::destroyForcibly);
    return child;
  }

  private static URI uri(Process child) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8));
    String line = lines.readLine();
    while (!line.startsWith("url ")) {
      line = lines.readLine();
    }
    return URI.create(line.substring(4, line.length() - 1));
  }

  @Test
  void whileANodeIsCutOffItsServerMessagesWaitAndNoneIsLost() throws Exception {
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", server().port()));
    RealtimeServer one = join(newNode(proxy.port()));
    join(newNode());
    send(10);

    run(
        one,
        5,
        () -> {
          awaitNumbers(200);
          proxy.refuse();
          server().pass(Duration.ofSeconds(Proofs.times(2, 10)));
          proxy.restore();
          awaitMore(200);
        });

    assertNoGap();
  }
}
