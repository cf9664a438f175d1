package io.platformkit.benchmarks.realtime;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;

/** A process with netty-socketio, which broadcasts to all of its clients. */
final class NettySocketIoServer {
  private NettySocketIoServer() {}

  /** Serves. */
  public static void main(String[] args) throws IOException {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(freePort());
    configuration.setBossThreads(1);
    configuration.setWorkerThreads(2);
    configuration.setUseLinuxNativeEpoll(true);
    configuration.setPingInterval((int) TimeUnit.HOURS.toMillis(1));
    SocketIOServer server = new SocketIOServer(configuration);
    server.start();
    Orders.follow(
        configuration.getPort(),
        () -> server.getBroadcastOperations().sendEvent("tick", Orders.TEXT));
    server.stop();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
