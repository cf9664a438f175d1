package io.platformkit.core.redis;

import io.platformkit.core.PlatformException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network that brings requests late: what arrives on the connections that are open at {@link
 * #hold} reaches the server at {@link #release}, even if the client has gone meanwhile. Later
 * connections are not held.
 */
final class DelayingProxy implements AutoCloseable {
  private final int server;
  private final ServerSocket listener;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  private DelayingProxy(int server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static DelayingProxy to(int server) {
    try {
      DelayingProxy proxy = new DelayingProxy(server);
      Thread.ofPlatform().daemon().name("delaying-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new PlatformException("the proxy could not listen", e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  void hold() {
    connections.forEach(Connection::hold);
  }

  /** Sends what was held; whether there was any. Servers may have closed the connections. */
  boolean release() {
    boolean any = false;
    for (Connection connection : connections) {
      any |= connection.release();
    }
    return any;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Connection made =
            new Connection(client, new Socket(InetAddress.getLoopbackAddress(), server));
        connections.add(made);
        Thread.ofPlatform().daemon().name("delaying-proxy").start(made::forward);
        Thread.ofPlatform().daemon().name("delaying-proxy").start(made::answer);
      } catch (IOException closed) {
        // the loop's condition decides
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Connection connection : connections) {
      connection.client.close();
      connection.upstream.close();
    }
  }

  private static final class Connection {
    private final Socket client;
    private final Socket upstream;
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean holding;

    Connection(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void hold() {
      lock.lock();
      try {
        holding = true;
      } finally {
        lock.unlock();
      }
    }

    void forward() {
      byte[] buffer = new byte[1 << 16];
      try {
        for (int n = client.getInputStream().read(buffer);
            n >= 0;
            n = client.getInputStream().read(buffer)) {
          pass(buffer, n);
        }
        closeUnlessHolding();
      } catch (IOException ended) {
        // as with an orderly end, what is held stays
      }
    }

    private void closeUnlessHolding() throws IOException {
      lock.lock();
      try {
        if (!holding) {
          upstream.close();
        }
      } finally {
        lock.unlock();
      }
    }

    private void pass(byte[] buffer, int length) throws IOException {
      lock.lock();
      try {
        if (holding) {
          held.write(buffer, 0, length);
        } else {
          upstream.getOutputStream().write(buffer, 0, length);
        }
      } finally {
        lock.unlock();
      }
    }

    /** Answers go on as long as nothing is held. */
    void answer() {
      byte[] buffer = new byte[1 << 16];
      try {
        for (int n = next(buffer); n >= 0; n = next(buffer)) {
          client.getOutputStream().write(buffer, 0, n);
        }
        client.close();
      } catch (IOException ended) {
        // either side has gone
      }
    }

    private int next(byte[] buffer) throws IOException {
      return upstream.getInputStream().read(buffer);
    }

    boolean release() {
      lock.lock();
      try {
        upstream.getOutputStream().write(held.toByteArray());
      } catch (IOException closed) {
        // that is one way to refuse it
      } finally {
        lock.unlock();
      }
      return held.size() > 0;
    }
  }
}
