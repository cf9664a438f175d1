package io.platformkit.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.ContractServer;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.PlatformException;
import io.platformkit.core.Proofs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a registry has acknowledged is in its history after its process was killed, and after
 * its server was; what it says of stages is what its history leads to. Two child processes change
 * one model meanwhile.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
abstract class RegistryKillContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LEAST = 30;

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  /** Closes it after the test, the last first. */
  final <C extends AutoCloseable> C closing(C something) {
    toClose.push(something);
    return something;
  }

  /** A server that keeps what it acknowledged. */
  abstract ContractServer newServer();

  /** What the opener is told. */
  abstract String where(ContractServer server);

  /** Opens the registry in the children. */
  abstract Class<? extends RegistryOpener> opener();

  /** Opens the registry here. */
  abstract ModelRegistry open(ContractServer server);

  static String acknowledgement(Transition made) {
    return "ack %d %s %s."
        .formatted(made.sequence(), made.version(), made.to().map(Stage::name).orElse("deleted"));
  }

  @Test
  void whatWasAcknowledgedIsInTheHistoryOnceAndTheStagesFollowFromIt() throws Exception {
    long seed = Long.getLong("platform.seed", System.nanoTime());
    System.out.printf("%s: seed %d%n", getClass().getSimpleName(), seed);
    Random random = new Random(seed);
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    try (ContractServer server = newServer()) {
      ModelRegistry registry = open(server);
      for (int round = 1; round <= Proofs.times(3, 20); round++) {
        killOnce(server, round, acknowledged, random);
        List<Transition> history = Histories.assertRight(registry, PromotingChild.MODEL);
        assertThat(history.stream().map(RegistryKillContract::acknowledgement))
            .as("round %d of seed %d", round, seed)
            .doesNotHaveDuplicates()
            .containsAll(acknowledged);
      }
    }
  }

  private void killOnce(ContractServer server, int round, Set<String> acknowledged, Random random)
      throws Exception {
    List<Child> children =
        List.of(
            new Child(start(server, "a" + round), acknowledged),
            new Child(start(server, "b" + round), acknowledged));
    try {
      awaitMore(acknowledged, children, random);
      if (round % 2 == 0 && server.features().contains(Feature.RESTART)) {
        server.restart();
        awaitMore(acknowledged, children, random);
      }
    } finally {
      children.forEach(Child::kill);
    }
  }

  private static void awaitMore(Set<String> acknowledged, List<Child> children, Random random) {
    int enough = acknowledged.size() + LEAST + random.nextInt(LEAST);
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .failFast("a child ended", () -> !children.stream().allMatch(Child::isAlive))
        .until(() -> acknowledged.size() >= enough);
  }

  private Process start(ContractServer server, String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            PromotingChild.class.getName(),
            opener().getName(),
            where(server),
            name)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** A process and the thread that hears it. */
  private static final class Child {
    private final Process process;
    private final Thread hearing;

    Child(Process process, Set<String> acknowledged) {
      this.process = process;
      this.hearing =
          Thread.ofPlatform().name("child-output").start(() -> hear(process, acknowledged));
    }

    boolean isAlive() {
      return process.isAlive();
    }

    void kill() {
      process.toHandle().destroyForcibly(); // Process.destroyForcibly would close what was not read
      try {
        process.waitFor();
        hearing.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void hear(Process process, Set<String> acknowledged) {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("ack ") && line.endsWith(".")) { // whole, not cut by the kill
            acknowledged.add(line);
          }
        }
      } catch (IOException e) {
        throw new PlatformException("the child can't be heard", e);
      }
    }
  }
}
