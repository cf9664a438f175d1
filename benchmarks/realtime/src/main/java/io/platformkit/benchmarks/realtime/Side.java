package io.platformkit.benchmarks.realtime;

import io.platformkit.benchmarks.Comparison.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server to compare.
 *
 * @param name in reports
 * @param dialect of its clients
 */
record Side(String name, Kind kind, Dialect dialect, Start start) {
  /** How its process starts. */
  interface Start {
    ServerProcess run() throws IOException, InterruptedException;
  }

  static Side ours(String topic) {
    return java("ours, " + topic, Kind.LIMIT, Dialect.ours(topic), OurServer.class, topic);
  }

  /** In the same JVM as ours, on the same version of Netty, with two loops. */
  static List<Side> java() {
    return List.of(
        java("Netty alone", Kind.LIMIT, Dialect.BARE, BareNettyServer.class),
        java("Vert.x 5", Kind.PEER, Dialect.BARE, VertxServer.class),
        java("netty-socketio", Kind.PEER, Dialect.SOCKET_IO, NettySocketIoServer.class));
  }

  private static Side java(
      String name, Kind kind, Dialect dialect, Class<?> main, String... arguments) {
    List<String> command = command(main, arguments);
    return new Side(
        name, kind, dialect, () -> ServerProcess.start(command, Path.of("").toAbsolutePath()));
  }

  /** A JVM as all sides have it. */
  static List<String> command(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmn32m",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Those of other runtimes that are on this machine. */
  static List<Side> others(Peers peers) {
    List<Side> sides = new ArrayList<>();
    peers
        .program("bun")
        .ifPresent(
            bun -> sides.add(script(peers, "Bun (uWebSockets)", Dialect.BARE, bun, "bun.js")));
    peers
        .program("nats-server")
        .ifPresent(nats ->
            sides.add(
                new Side("NATS", Kind.PEER, Dialect.NATS, () -> Nats.start(nats, peers.folder()))));
    peers
        .program("node")
        .ifPresent(node -> {
          sides.add(script(peers, "ws", Dialect.BARE, node, "ws.js"));
          sides.add(script(peers, "socket.io", Dialect.SOCKET_IO, node, "socketio.js"));
        });
    return sides;
  }

  private static Side script(
      Peers peers, String name, Dialect dialect, Path program, String script) {
    List<String> command = List.of(program.toString(), script);
    return new Side(name, Kind.PEER, dialect, () -> ServerProcess.start(command, peers.folder()));
  }
}
