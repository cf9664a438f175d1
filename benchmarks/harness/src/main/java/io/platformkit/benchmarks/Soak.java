package io.platformkit.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Watches this process while something runs for minutes: memory, open files and threads must not
 * grow. Needs Linux. For one thread.
 */
public final class Soak {
  private static final double ALLOWED = 0.02;
  private static final int PARTS = 5;

  private final String name;
  private final Duration length;
  private final PrintStream out;

  private Soak(String name, Duration length, PrintStream out) {
    this.name = name;
    this.length = length;
    this.out = out;
  }

  /**
   * One of ten minutes.
   *
   * @param args {@code --quick} for one minute
   */
  public static Soak of(String name, String... args) {
    List<String> options = Arrays.asList(args);
    if (!options.isEmpty() && !options.equals(List.of("--quick"))) {
      throw new IllegalArgumentException("options were " + options + " but must be --quick");
    }
    return new Soak(name, Duration.ofMinutes(options.isEmpty() ? 10 : 1), System.out);
  }

  /**
   * What a process uses.
   *
   * @param memory resident, KiB
   * @param files open ones, sockets included
   */
  public record Use(long memory, long files, long threads) {
    static Use now() {
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        return new Use(number(status, "VmRSS:"), open.count(), number(status, "Threads:"));
      } catch (IOException e) {
        throw new IllegalStateException("a soak needs Linux: /proc could not be read", e);
      }
    }

    private static long number(List<String> status, String key) {
      String line = status.stream().filter(each -> each.startsWith(key)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  /**
   * Looks each second and prints each tenth, until the time is up or {@code goOn} is false.
   *
   * @param progress for the lines that are printed
   * @return whether the last fifth of the time used what the second fifth did, give or take 2 %;
   *     the first fifth is warm-up
   */
  public boolean watch(Supplier<String> progress, BooleanSupplier goOn) {
    List<Use> uses = new ArrayList<>();
    while (uses.size() < length.toSeconds() && goOn.getAsBoolean()) {
      look(uses, progress);
    }
    return goOn.getAsBoolean() && isFlat(uses);
  }

  /**
   * As {@link #watch}, until it is over, however long that takes.
   *
   * @return whether it used as much at its end as after its beginning
   */
  public boolean watchUntil(BooleanSupplier over, Supplier<String> progress) {
    List<Use> uses = new ArrayList<>();
    while (!over.getAsBoolean()) {
      look(uses, progress);
    }
    return isFlat(uses);
  }

  private void look(List<Use> uses, Supplier<String> progress) {
    LockSupport.parkNanos(1_000_000_000L);
    uses.add(Use.now());
    if (uses.size() % 10 == 0) {
      out.printf("%s, %4d s: %s, %s%n", name, uses.size(), uses.getLast(), progress.get());
    }
  }

  boolean isFlat(List<Use> uses) {
    boolean memory = isFlat("memory, KiB", uses, Use::memory);
    boolean files = isFlat("files", uses, Use::files);
    boolean threads = isFlat("threads", uses, Use::threads);
    out.println(name + ": " + (memory && files && threads ? "flat" : "NOT FLAT"));
    return memory && files && threads;
  }

  private boolean isFlat(String what, List<Use> uses, ToLongFunction<Use> of) {
    int part = uses.size() / PARTS;
    double before = median(uses.subList(part, 2 * part), of);
    double after = median(uses.subList(uses.size() - part, uses.size()), of);
    double change = after / before - 1;
    out.printf("%s, %s: %.0f, then %.0f (%+.1f %%)%n", name, what, before, after, 100 * change);
    return Math.abs(change) <= ALLOWED;
  }

  private static double median(List<Use> uses, ToLongFunction<Use> of) {
    return uses.stream().mapToLong(of).sorted().skip(uses.size() / 2).findFirst().orElseThrow();
  }
}
