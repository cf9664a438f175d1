package io.platformkit.benchmarks.realtime;

import io.platformkit.benchmarks.Comparison;
import io.platformkit.benchmarks.Duel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ./bench duel realtime}: 500 subscribers of one topic, in turns, 10,000 that are idle, and
 * ten of 1,000 that stop reading.
 */
public final class RealtimeDuel {
  private static final int SUBSCRIBERS = 500;
  private static final int IDLE = 10_000;
  private static final int FIRST_IDLE = 200;
  private static final int WARM_WINDOW = 32; // outstanding, so that compilers see much

  private final Duel duel;
  private final List<Side> peers = new ArrayList<>();

  private RealtimeDuel(Duel duel) {
    this.duel = duel;
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}, {@code --only=idle} or the beginning of another
   *     metric
   */
  public static void main(String[] args) throws Exception {
    Duel duel = Duel.of("realtime", args);
    duel.title(
        "%d subscribers x %d bytes, servers in processes of their own, JDK %s"
            .formatted(SUBSCRIBERS, Orders.TEXT.length(), Runtime.version()));
    RealtimeDuel realtime = new RealtimeDuel(duel);
    realtime.peers.addAll(Side.java());
    realtime.peers.addAll(Side.others(Peers.installed(duel::say)));
    realtime.fanOut();
    realtime.idle();
    Stalled.run(duel);
  }

  /** A side that runs, and what its rounds cost. */
  private record Running(
      Side side, ServerProcess server, Load load, List<Double> all, List<Double> user)
      implements AutoCloseable {
    static Running start(Side side) throws IOException, InterruptedException {
      ServerProcess server = side.start().run();
      Load load = Load.of(server, side.dialect(), SUBSCRIBERS, false);
      return new Running(side, server, load, new ArrayList<>(), new ArrayList<>());
    }

    void round(int window, double seconds) throws InterruptedException {
      Load.Round round = load.run(window, seconds);
      all.add(round.microsPerDelivery());
      user.add(round.userMicrosPerDelivery());
    }

    void forget() {
      all.clear();
      user.clear();
    }

    @Override
    public void close() {
      load.close();
      server.close();
    }
  }

  private void fanOut() throws Exception {
    if (!duel.wants("fan-out")) {
      return;
    }
    try (Running ours = Running.start(Side.ours(OurServer.KEPT))) {
      List<Running> others = new ArrayList<>();
      try {
        others.add(Running.start(Side.ours(OurServer.LIVE)));
        for (Side peer : peers) {
          others.add(Running.start(peer));
        }
        List<Running> all = new ArrayList<>(others);
        all.addFirst(ours);
        rounds(all, WARM_WINDOW, 1, duel.quick() ? 3 : 20);
        fanOut(ours, others, 8);
        fanOut(ours, others, 1);
      } finally {
        others.forEach(Running::close);
      }
    }
  }

  /** So many messages are on their way at once; each side in turn, and then again. */
  private void fanOut(Running ours, List<Running> others, int window) throws InterruptedException {
    String metric = "fan-out, %d outstanding".formatted(window);
    if (!duel.wants(metric)) {
      return;
    }
    List<Running> all = new ArrayList<>(others);
    all.addFirst(ours);
    rounds(all, window, duel.quick() ? 1 : 2, duel.quick() ? 1 : 2);
    all.forEach(Running::forget);
    rounds(all, window, duel.quick() ? 3 : 5, duel.quick() ? 0.5 : 1.5);
    for (Running other : others) {
      report(metric + ", CPU µs", median(ours.all), median(other.all), other.side);
      report(metric + ", user µs", median(ours.user), median(other.user), other.side);
    }
  }

  private static void rounds(Iterable<Running> sides, int window, int count, double seconds)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      for (Running side : sides) {
        side.round(window, seconds);
      }
    }
  }

  private void report(String metric, double ours, double other, Side side) {
    duel.report(
        Comparison.lessIsBetter(duel.name(), metric, ours, other, side.name(), side.kind()));
  }

  private static double median(List<Double> rounds) {
    return rounds.stream().sorted().toList().get(rounds.size() / 2);
  }

  /** What each of many connections adds to the process. */
  private void idle() throws Exception {
    String metric = "idle connection, KB";
    if (!duel.wants(metric)) {
      return;
    }
    double ours = idleKilobytes(Side.ours(OurServer.KEPT));
    for (Side peer : peers) {
      report(metric, ours, idleKilobytes(peer), peer);
    }
  }

  private double idleKilobytes(Side side) throws Exception {
    int count = duel.quick() ? IDLE / 5 : IDLE;
    try (ServerProcess server = side.start().run();
        Load first = Load.of(server, side.dialect(), FIRST_IDLE, false)) {
      first.run(1, 1);
      long before = server.residentBytes();
      Load more = Load.of(server, side.dialect(), count, false);
      Thread.sleep(2000);
      double grown = server.residentBytes() - before;
      more.close();
      return grown / 1024 / count;
    }
  }
}
