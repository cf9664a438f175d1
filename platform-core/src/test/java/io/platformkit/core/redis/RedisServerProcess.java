package io.platformkit.core.redis;

import io.platformkit.core.ContractServer;
import io.platformkit.core.PlatformException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A {@code redis-server} that a test starts on 127.0.0.1, with a directory of its own, and may
 * kill, start again on the same port, copy and put back. For one thread.
 */
public final class RedisServerProcess implements ContractServer {
  private static final String SENTINEL = "--sentinel";
  private static final Duration BOOT = Duration.ofSeconds(20);

  private final int port;
  private final Path directory;
  private final List<String> settings;
  private @Nullable Process process;
  private @Nullable Path snapshot;

  private RedisServerProcess(int port, Path directory, List<String> settings) {
    this.port = port;
    this.directory = directory;
    this.settings = settings;
  }

  /** Starts one on a free port, without persistence unless the settings say otherwise. */
  public static RedisServerProcess start(String... settings) {
    RedisServerProcess server = onFreePort(settings);
    server.boot();
    return server;
  }

  /** Starts one that loses nothing that it acknowledged. */
  public static RedisServerProcess startDurable() {
    return start("--appendonly", "yes", "--appendfsync", "always");
  }

  /**
   * Starts a Sentinel that looks after the primary {@code "primary"} alone, and takes a second to
   * find out that it is down. It asks for the password {@code "sentinel"}.
   */
  public static RedisServerProcess startSentinel(RedisServerProcess primary) {
    RedisServerProcess sentinel = onFreePort(SENTINEL);
    try {
      Files.write(
          sentinel.directory.resolve("sentinel.conf"),
          List.of(
              "port " + sentinel.port,
              "bind 127.0.0.1",
              "dir " + sentinel.directory,
              "requirepass sentinel",
              "sentinel monitor primary 127.0.0.1 %d 1".formatted(primary.port),
              "sentinel down-after-milliseconds primary 1000",
              "sentinel failover-timeout primary 3000"));
    } catch (IOException e) {
      throw new PlatformException("no configuration for the Sentinel", e);
    }
    sentinel.boot();
    return sentinel;
  }

  /** One that is not started yet. */
  public static RedisServerProcess onFreePort(String... settings) {
    try {
      return new RedisServerProcess(
          freePort(), Files.createTempDirectory("platform-redis"), List.of(settings));
    } catch (IOException e) {
      throw new PlatformException("no directory for redis-server", e);
    }
  }

  /** A port that nobody has at present. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PlatformException("no free port", e);
    }
  }

  /** Where it listens, or will. */
  @Override
  public int port() {
    return port;
  }

  /** {@code redis://127.0.0.1:port}. */
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Where it keeps its data. */
  public Path directory() {
    return directory;
  }

  /** Starts it, and waits until it answers. */
  public void boot() {
    List<String> command = new ArrayList<>();
    command.add(Binary.path().toString());
    if (settings.contains(SENTINEL)) {
      command.add(directory.resolve("sentinel.conf").toString());
    } else {
      command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
      command.addAll(List.of("--port", String.valueOf(port), "--save", ""));
    }
    command.addAll(settings);
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new PlatformException("redis-server did not start", e);
    }
    Awaitility.await("redis-server on " + port)
        .atMost(BOOT)
        .pollInterval(Duration.ofMillis(10))
        .until(this::answers);
  }

  private boolean answers() {
    try {
      return !say("PING").startsWith("-LOADING");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Sends one command in plain words; the beginning of the answer, as the protocol has it. */
  public String tell(String... words) {
    try {
      return say(words);
    } catch (IOException e) {
      throw new PlatformException("redis-server did not answer " + words[0], e);
    }
  }

  private String say(String... words) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      if (settings.contains(SENTINEL)) {
        ask(socket, "AUTH", "sentinel");
      }
      return ask(socket, words);
    }
  }

  private static String ask(Socket socket, String... words) throws IOException {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      int bytes = word.getBytes(StandardCharsets.UTF_8).length;
      request.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
    byte[] answer = new byte[1 << 16];
    int length = socket.getInputStream().read(answer);
    return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
  }

  /** The process. */
  public ProcessHandle handle() {
    if (process == null) {
      throw new IllegalStateException("redis-server was not started");
    }
    return process.toHandle();
  }

  /** Ends it as a power cut would, with SIGKILL. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PlatformException("interrupted while redis-server ended", e);
      }
    }
  }

  @Override
  public String version() {
    return "Redis 6.2.11";
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.NETWORK, Feature.RESTART, Feature.SNAPSHOT);
  }

  @Override
  public void restart() {
    kill();
    boot();
  }

  @Override
  public void snapshot() {
    snapshot = copyData();
  }

  @Override
  public void restore() {
    if (snapshot == null) {
      throw new IllegalStateException("there is no snapshot");
    }
    kill();
    putBack(snapshot);
    boot();
  }

  /** Copies the data that are on disk. */
  public Path copyData() {
    try {
      Path copy = Files.createTempDirectory("platform-redis-copy");
      copy(directory, copy);
      return copy;
    } catch (IOException e) {
      throw new PlatformException("the data could not be copied", e);
    }
  }

  /** Puts data back that were copied; the server must be down. */
  public void putBack(Path copy) {
    try {
      delete(directory);
      Files.createDirectories(directory);
      copy(copy, directory);
    } catch (IOException e) {
      throw new PlatformException("the data could not be put back", e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    kill();
    try {
      delete(directory);
      if (snapshot != null) {
        delete(snapshot);
      }
    } catch (IOException e) {
      throw new PlatformException("the data could not be deleted", e);
    }
  }

  /** The program, unpacked once a JVM. */
  private static final class Binary {
    private static final Path PATH = unpack();

    static Path path() {
      return PATH;
    }

    private static Path unpack() {
      try {
        Path directory = Files.createTempDirectory("platform-redis-server");
        Path program = ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
        directory.toFile().deleteOnExit();
        program.toFile().deleteOnExit(); // deleted first
        return program;
      } catch (IOException e) {
        throw new PlatformException("redis-server could not be unpacked", e);
      }
    }
  }

  /** One server for all tests of this JVM that don't disturb it. */
  public static RedisServerProcess shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    private static final RedisServerProcess SERVER = bootShared();

    private static RedisServerProcess bootShared() {
      RedisServerProcess server = start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "redis-server-end"));
      return server;
    }
  }
}
