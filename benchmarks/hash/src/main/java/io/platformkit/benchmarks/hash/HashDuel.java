package io.platformkit.benchmarks.hash;

import io.platformkit.benchmarks.Comparison;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import java.lang.management.ManagementFactory;

/** {@code ./bench duel hash}. Each side runs all ids in one loop that is its own. */
public final class HashDuel {
  private static final double SECONDS = 4;

  private final Duel duel;

  private HashDuel(Duel duel) {
    this.duel = duel;
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}, {@code --only=TEXT}
   */
  public static void main(String[] args) {
    new HashDuel(Duel.of("hash", args)).run();
  }

  private void run() {
    duel.title(
        "one id to one of 10,000 buckets, one thread, JDK %s, %s"
            .formatted(Runtime.version(), System.getProperty("os.arch")));
    ids("number", Ids.numbers());
    ids("UUID", Ids.uuids());
    ids("e-mail", Ids.mails());
    ids("Cyrillic", Ids.cyrillic());
  }

  private void ids(String name, String[] ids) {
    if (!duel.wants(name)) {
      return;
    }
    Duel.Side ours = () -> ours(ids);
    String metric = name + " of " + ids[ids.length / 2].length() + " characters, ns";
    time(metric, ours, "Guava murmur3_128", Kind.PEER, () -> guava128(ids));
    time(metric, ours, "Guava murmur3_32_fixed", Kind.PEER, () -> guava32(ids));
    time(metric, ours, "commons-codec murmur3 128x64", Kind.PEER, () -> codec128(ids));
    time(metric, ours, "reading the characters", Kind.LIMIT, () -> characters(ids));
    allocation(name + ", B/op", ours, "Guava murmur3_128", () -> guava128(ids));
    allocation(name + ", B/op", ours, "commons-codec murmur3 128x64", () -> codec128(ids));
  }

  private void time(String metric, Duel.Side ours, String name, Kind kind, Duel.Side other) {
    duel.time(metric, Ids.COUNT, SECONDS, ours, name, kind, other);
  }

  private void allocation(String metric, Duel.Side ours, String name, Duel.Side other) {
    duel.report(
        Comparison.lessIsBetter(
            duel.name(), metric, allocated(ours), allocated(other), name, Kind.PEER));
  }

  private static double allocated(Duel.Side side) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    double result = side.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    result += side.run();
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    return Double.isNaN(result) ? result : (double) bytes / Ids.COUNT;
  }

  private static double ours(String[] ids) {
    long sum = 0;
    for (String id : ids) {
      sum += Hashes.ours(id);
    }
    return sum;
  }

  private static double guava128(String[] ids) {
    long sum = 0;
    for (String id : ids) {
      sum += Hashes.guava128(id);
    }
    return sum;
  }

  private static double guava32(String[] ids) {
    long sum = 0;
    for (String id : ids) {
      sum += Hashes.guava32(id);
    }
    return sum;
  }

  private static double codec128(String[] ids) {
    long sum = 0;
    for (String id : ids) {
      sum += Hashes.codec128(id);
    }
    return sum;
  }

  private static double characters(String[] ids) {
    long sum = 0;
    for (String id : ids) {
      sum += Hashes.characters(id);
    }
    return sum;
  }
}
