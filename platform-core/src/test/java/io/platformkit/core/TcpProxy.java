package io.platformkit.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bad network between a client and a server: cuts connections, refuses new ones, delays what the
 * server replies, or drops it. Works on bytes, whatever the protocol. Safe for concurrent use.
 *
 * <p>Dropping replies shows a request that was done and of which the client never heard: {@link
 * #dropReplies}, let the client ask, then {@link #cut} and {@link #restore}.
 */
public final class TcpProxy implements AutoCloseable {
  private static final String NOTHING = "";

  private volatile InetSocketAddress server;
  private final ServerSocket listener;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean refusing;
  private boolean dropping;
  private boolean holding;
  private long dropped;
  private String dropRepliesTo = NOTHING;
  private volatile Duration delay = Duration.ZERO;

  private TcpProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Listens on a free port of 127.0.0.1 and forwards to the server. */
  public static TcpProxy to(String host, int port) {
    try {
      TcpProxy proxy = new TcpProxy(new InetSocketAddress(host, port));
      Thread.ofPlatform().daemon().name("tcp-proxy-accept").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new PlatformException("the proxy could not listen", e);
    }
  }

  /** Where clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Sends new connections to another server; those that are open stay where they are. */
  public void forwardTo(String host, int port) {
    server = new InetSocketAddress(host, port);
  }

  /** Ends all connections; new ones work. */
  public void cut() {
    connections.forEach(Connection::close);
  }

  /** Ends all connections and refuses new ones until {@link #restore}. */
  public void refuse() {
    set(() -> refusing = true);
    cut();
  }

  /** Delays each chunk that the server replies from now on. */
  public void delayReplies(Duration by) {
    delay = by;
  }

  /** Throws away what the server replies, until {@link #restore}: requests still arrive. */
  public void dropReplies() {
    set(() -> dropping = true);
  }

  /**
   * Throws away what the server replies once a client has sent this text, until {@link #restore}.
   * Clients send whole requests; one that is split in the middle of the text is not recognised.
   */
  public void dropRepliesTo(String request) {
    set(() -> dropRepliesTo = request);
  }

  /** Keeps back what the server replies, and delivers it at {@link #restore}. */
  public void holdReplies() {
    set(() -> holding = true);
  }

  /** Lets everything through again, and accepts connections. */
  public void restore() {
    delay = Duration.ZERO;
    set(() -> {
      refusing = false;
      dropping = false;
      holding = false;
      dropRepliesTo = NOTHING;
    });
  }

  /** Waits until a reply was thrown away since the last {@link #dropReplies}. */
  public void awaitDroppedReply() throws InterruptedException {
    lock.lock();
    try {
      while (dropped == 0) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void set(Runnable change) {
    lock.lock();
    try {
      change.run();
      dropped = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        open(listener.accept());
      } catch (IOException closed) {
        // the loop's condition decides
      }
    }
  }

  private void open(Socket client) throws IOException {
    if (isRefusing()) {
      client.close();
      return;
    }
    Socket upstream = new Socket();
    try {
      upstream.connect(server, 5_000);
    } catch (IOException serverIsDown) {
      client.close();
      upstream.close();
      return;
    }
    Connection connection = new Connection(client, upstream);
    connections.add(connection);
    connection.start();
  }

  private boolean isRefusing() {
    lock.lock();
    try {
      return refusing;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a reply goes on to the client; waits while replies are held. */
  private boolean passes() throws InterruptedException {
    Thread.sleep(delay);
    lock.lock();
    try {
      while (holding) {
        changed.await();
      }
      if (dropping) {
        dropped++;
        changed.signalAll();
      }
      return !dropping;
    } finally {
      lock.unlock();
    }
  }

  private void requested(byte[] buffer, int size) {
    lock.lock();
    try {
      dropping |=
          !dropRepliesTo.isEmpty()
              && new String(buffer, 0, size, ISO_8859_1).contains(dropRepliesTo);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new PlatformException("the proxy could not close", e);
    } finally {
      restore();
      cut();
    }
  }

  private final class Connection implements AutoCloseable {
    private final Socket client;
    private final Socket upstream;

    Connection(Socket client, Socket upstream) throws IOException {
      this.client = client;
      this.upstream = upstream;
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    }

    void start() {
      Thread.ofPlatform().daemon().name("tcp-proxy-requests").start(() -> copy(client, upstream));
      Thread.ofPlatform().daemon().name("tcp-proxy-replies").start(() -> copy(upstream, client));
    }

    private void copy(Socket from, Socket to) {
      try (this) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          boolean request = from.equals(client);
          if (request) {
            requested(buffer, n);
          }
          if (request || passes()) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException | InterruptedException ended) {
        // either side has gone; both do
      }
    }

    /** Resets the connection: neither side sees an orderly end. */
    @Override
    public void close() {
      connections.remove(this);
      for (Socket socket : new Socket[] {client, upstream}) {
        try {
          socket.setSoLinger(true, 0);
          socket.close();
        } catch (IOException alreadyClosed) {
          // what was wanted
        }
      }
    }
  }
}
