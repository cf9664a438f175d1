package io.platformkit.benchmarks.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The process that serves. */
final class HostProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private HostProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static HostProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                System.getProperty("java.class.path"),
                ModelHost.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String port = out.readLine();
    if (port == null) {
      throw new IOException("the process that serves did not start");
    }
    return new HostProcess(process, Integer.parseInt(port));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
