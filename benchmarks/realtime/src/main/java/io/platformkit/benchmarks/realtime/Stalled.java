package io.platformkit.benchmarks.realtime;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.platformkit.benchmarks.Comparison;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients that stop reading cost the others, and the server's heap. For one thread. */
final class Stalled implements AutoCloseable {
  private static final String METRIC = "stalled";
  private static final int STALLED = 10;
  private static final int SMALL_BUFFER = 16 << 10;
  private static final int TURNS = 2;

  private final Process server;
  private final BufferedReader answers;
  private final PrintWriter orders;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<Channel> stalling = new ArrayList<>();
  private final Brake brake = new Brake();
  private final int healthy;
  private final long[] nanos; // of all deliveries to the healthy ones in a round
  private final AtomicInteger delivered = new AtomicInteger();

  /** A decoder asks for more by itself, where it has only a part; not while this is on. */
  @ChannelHandler.Sharable
  private static final class Brake extends ChannelOutboundHandlerAdapter {
    private volatile boolean on;

    @Override
    public void read(ChannelHandlerContext context) {
      if (!on) {
        context.read();
      }
    }
  }

  private Stalled(int clients, int messages) throws IOException {
    healthy = clients - STALLED;
    nanos = new long[healthy * messages];
    server =
        new ProcessBuilder(Side.command(StallServer.class))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = server.inputReader(StandardCharsets.US_ASCII);
    orders = new PrintWriter(server.outputWriter(StandardCharsets.US_ASCII), true);
  }

  /** Ten stop reading in every second round, while the others are timed. */
  static void run(Duel duel) throws Exception {
    if (!duel.wants(METRIC)) {
      return;
    }
    int clients = duel.quick() ? 200 : 1_000;
    int messages = duel.quick() ? 1_000 : 5_000;
    String order = "%d %d".formatted(messages, clients / 25);
    try (Stalled duels = new Stalled(clients, messages)) {
      duels.connect(clients);
      duels.round("%d %d".formatted(messages / 10, clients / 25)); // is not counted
      double[] calm = new double[TURNS];
      double[] beset = new double[TURNS];
      long heap = 0;
      long pending = 0;
      for (int turn = 0; turn < TURNS; turn++) {
        calm[turn] = duels.round(order);
        long before = duels.ask(StallServer.HEAP);
        duels.stall();
        beset[turn] = duels.round(order);
        heap = Math.max(heap, duels.ask(StallServer.HEAP) - before);
        pending = Math.max(pending, duels.ask(StallServer.PENDING));
        duels.readOn();
        duels.round("1 1");
      }
      String one = "%s, %d of %d, ".formatted(METRIC, STALLED, clients);
      report(duel, one + "p99 of the others, ms", mean(beset), mean(calm), "none stalled");
      double limit = (double) STALLED * StallServer.LIMIT / 1024;
      report(duel, one + "heap, KB", heap / 1024.0, limit, "maxPendingBytes x 10");
      report(duel, one + "pending, KB", pending / 1024.0, limit, "maxPendingBytes x 10");
    }
  }

  private static void report(
      Duel duel, String metric, double ours, double other, String otherName) {
    duel.report(Comparison.lessIsBetter(duel.name(), metric, ours, other, otherName, Kind.LIMIT));
  }

  /** Of two it is the median too. */
  private static double mean(double... turns) {
    return Arrays.stream(turns).average().orElseThrow();
  }

  private void connect(int clients) throws Exception {
    int port = Integer.parseInt(answers.readLine().trim());
    for (int i = 0; i < clients; i++) {
      boolean stalls = i < STALLED;
      Watcher watcher = new Watcher(stalls ? took -> {} : this::took);
      Bootstrap bootstrap = new Bootstrap().group(group).channel(EpollSocketChannel.class);
      if (stalls) {
        bootstrap.option(ChannelOption.SO_RCVBUF, SMALL_BUFFER);
      }
      Channel channel =
          bootstrap
              .handler(watcher)
              .connect(InetAddress.getLoopbackAddress(), port)
              .sync()
              .channel();
      watcher.ready().get(30, TimeUnit.SECONDS);
      if (stalls) {
        channel.pipeline().addFirst(brake);
        stalling.add(channel);
      }
    }
  }

  private void took(long time) {
    nanos[delivered.getAndIncrement()] = time;
  }

  private void stall() {
    brake.on = true;
    stalling.forEach(channel -> channel.config().setAutoRead(false));
  }

  private void readOn() {
    brake.on = false;
    stalling.forEach(channel -> channel.config().setAutoRead(true));
  }

  /** Milliseconds in which 99 of 100 deliveries to the healthy ones came. */
  private double round(String order) throws Exception {
    delivered.set(0);
    int count = (int) ask(order) * healthy;
    while (delivered.get() < count) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    Arrays.sort(nanos, 0, count);
    return nanos[(int) (count * 0.99)] / 1e6;
  }

  private long ask(String order) throws IOException {
    orders.println(order);
    return Long.parseLong(answers.readLine().trim());
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    server.destroyForcibly();
  }
}
