package io.platformkit.examples.commandline;

import io.platformkit.core.PlatformException;
import java.net.BindException;
import java.net.InetAddress;
import java.util.Arrays;

/** A server that a person starts in a terminal, and stops with Ctrl-C. */
public final class Program {
  private Program() {}

  /** Makes a server of a command line. */
  @FunctionalInterface
  public interface Start {
    /**
     * A server that runs.
     *
     * @throws UsageException if it can't start as it was asked to
     */
    AutoCloseable start(String... args);
  }

  /**
   * Runs a server until the process is told to stop; with {@code --help} or {@code -h} it prints
   * the usage alone. What is wrong with the command line is one line on the standard error, and the
   * exit status 1.
   *
   * @param name what messages begin with
   */
  public static void run(String name, String usage, Start start, String... args) {
    if (Arrays.asList(args).contains("--help") || Arrays.asList(args).contains("-h")) {
      System.out.print(usage);
      return;
    }
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      AutoCloseable server = start.start(args);
      Thread stop = new Thread(() -> stop(name, server), name + "-shutdown");
      Runtime.getRuntime().addShutdownHook(stop);
      System.out.println("Press Ctrl-C to stop.");
      Thread.currentThread().join(); // servers have daemon threads alone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UsageException e) {
      System.err.println(name + ": " + e.getMessage());
      System.exit(1);
    }
  }

  /** The machine may end the process before anybody could catch what close() throws. */
  @SuppressWarnings("IllegalCatch")
  private static void stop(String name, AutoCloseable server) {
    try {
      server.close();
      System.out.println("Stopped.");
    } catch (Exception e) {
      System.err.println(name + ": did not stop cleanly: " + e.getMessage());
    }
  }

  /**
   * Starts what listens there.
   *
   * @throws UsageException if something else does
   */
  public static void listen(Runnable start, InetAddress address, int port) {
    try {
      start.run();
    } catch (PlatformException e) {
      if (e.getCause() instanceof BindException) {
        throw new UsageException(
            "port %d of %s is taken; stop what uses it or choose another with --port"
                .formatted(port, address.getHostAddress()),
            e);
      }
      throw e;
    }
  }
}
