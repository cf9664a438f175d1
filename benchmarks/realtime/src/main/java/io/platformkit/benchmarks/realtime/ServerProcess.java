package io.platformkit.benchmarks.realtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A server in a process of its own, which publishes when it is told. Not safe for concurrent use.
 */
final class ServerProcess implements AutoCloseable {
  private static final long MICROS_PER_TICK = 10_000; // USER_HZ is 100 on every Linux

  private final Process process;
  private final int port;
  private final OutputStream orders;
  private final byte[] order;

  /**
   * A process that runs.
   *
   * @param orders where it is told
   * @param order one message is to be published
   */
  ServerProcess(Process process, int port, OutputStream orders, byte[] order) {
    this.process = process;
    this.port = port;
    this.orders = orders;
    this.order = order;
  }

  /** Starts one that is told by its input, and prints its port. */
  static ServerProcess start(List<String> command, Path folder) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String port = out.readLine();
    if (port == null) {
      throw new IOException("this did not start: " + command);
    }
    return new ServerProcess(
        process, Integer.parseInt(port.trim()), process.getOutputStream(), new byte[] {'\n'});
  }

  /**
   * Time of the processors.
   *
   * @param userMicros in the program
   * @param systemMicros in the kernel
   */
  record Cpu(long userMicros, long systemMicros) {
    Cpu minus(Cpu before) {
      return new Cpu(userMicros - before.userMicros, systemMicros - before.systemMicros);
    }
  }

  int port() {
    return port;
  }

  /** What it has used so far. */
  Cpu cpu() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new Cpu(
        Long.parseLong(fields[11]) * MICROS_PER_TICK, Long.parseLong(fields[12]) * MICROS_PER_TICK);
  }

  /** Memory that it has, in bytes. */
  long residentBytes() {
    return read("status")
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        * 1024;
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has so many messages published. */
  void publish(int count) {
    byte[] all = new byte[count * order.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(order, 0, all, i * order.length, order.length);
    }
    try {
      orders.write(all);
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
