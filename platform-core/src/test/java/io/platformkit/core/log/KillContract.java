package io.platformkit.core.log;

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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a log has acknowledged is there after its process was killed, and after its server was:
 * in order, and once. A child process appends as fast as it can meanwhile.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
public abstract class KillContract {
  /** Numbers of a round begin with a multiple of it. */
  private static final long ROUND = 1_000_000_000;

  private static final int ENOUGH = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  /** For subclasses. */
  protected KillContract() {}

  @AfterEach
  void closeAll() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  /** Closes it after the test, the last first. */
  protected final <C extends AutoCloseable> C closing(C something) {
    toClose.push(something);
    return something;
  }

  /**
   * A server that keeps what it acknowledged. It is killed too where it has {@link
   * Feature#RESTART}.
   */
  protected abstract ContractServer newServer();

  /** Opens the log here. */
  protected abstract EventLog open(ContractServer server);

  /** Opens the log in the child. */
  protected abstract Class<? extends LogOpener> opener();

  /** What the opener is told. */
  protected abstract String where(ContractServer server);

  @Test
  void whatWasAcknowledgedIsThereInOrderAndOnceAfterEachKill() throws Exception {
    try (ContractServer server = newServer()) {
      EventLog log = open(server);
      Set<Long> acknowledged = new ConcurrentSkipListSet<>();
      for (int round = 1; round <= Proofs.times(3, 20); round++) {
        acknowledged.addAll(killOnce(server, round));
        assertThat(numbersIn(log)).isSorted().doesNotHaveDuplicates().containsAll(acknowledged);
      }
    }
  }

  /** What one child was told before it was killed; in even rounds its server is killed first. */
  private Set<Long> killOnce(ContractServer server, int round) throws Exception {
    Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    Process child = start(where(server), round * ROUND);
    try {
      Thread reader =
          Thread.ofPlatform().name("child-output").start(() -> read(child, acknowledged));
      awaitMore(acknowledged, child);
      if (round % 2 == 0 && server.features().contains(Feature.RESTART)) {
        server.restart();
        awaitMore(acknowledged, child);
      }
      child.toHandle().destroyForcibly(); // Process.destroyForcibly would close what was not read
      child.waitFor();
      reader.join();
    } finally {
      child.destroyForcibly();
    }
    return acknowledged;
  }

  private static void awaitMore(Set<Long> acknowledged, Process child) {
    int before = acknowledged.size();
    Awaitility.await()
        .atMost(PATIENCE)
        .failFast("the child ended", () -> !child.isAlive())
        .until(() -> acknowledged.size() >= before + ENOUGH);
  }

  private Process start(String where, long first) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingChild.class.getName(),
            opener().getName(),
            where,
            Long.toString(first))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void read(Process child, Set<Long> acknowledged) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ack ") && line.endsWith(".")) { // whole, not cut by the kill
          acknowledged.add(Long.parseLong(line, 4, line.length() - 1, 10));
        }
      }
    } catch (IOException e) {
      throw new PlatformException("the child can't be heard", e);
    }
  }

  private static List<Long> numbersIn(EventLog log) {
    List<Long> numbers = new ArrayList<>();
    Position at = Position.OLDEST;
    while (true) {
      Read read = log.read(AppendingChild.STREAM, at, EventLog.MAX_BATCH);
      if (!(read instanceof Read.Entries(List<Entry> entries, Position head))) {
        throw new AssertionError("the log has a gap: " + read);
      }
      if (entries.isEmpty()) {
        assertThat(head).isEqualTo(at.equals(Position.OLDEST) ? head : at);
        return numbers;
      }
      entries.forEach(entry -> numbers.add(Long.parseLong(new String(entry.data(), UTF_8))));
      at = entries.getLast().at();
    }
  }
}
