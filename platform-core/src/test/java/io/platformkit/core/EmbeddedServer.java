package io.platformkit.core;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** This process' memory as a server: virtual time, and one object for each namespace. */
public final class EmbeddedServer implements ContractServer {
  private final String version;
  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final Map<Object, AutoCloseable> ports = new ConcurrentHashMap<>();

  private EmbeddedServer(String version) {
    this.version = version;
  }

  /**
   * Nothing in it.
   *
   * @param version as the report shows it: {@code "memory"}
   */
  public static EmbeddedServer of(String version) {
    return new EmbeddedServer(version);
  }

  /** What time it is for what is in this server. */
  public SettableClock clock() {
    return clock;
  }

  /** What waits in this server. */
  public ManualTimers timers() {
    return timers;
  }

  /** The port that was opened with the options before, or a new one. */
  @SuppressWarnings("unchecked") // options differ in type from port to port
  public <P extends AutoCloseable> P port(Object options, Supplier<P> newPort) {
    return (P) ports.computeIfAbsent(options, key -> newPort.get());
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.CLOCK);
  }

  @Override
  public void pass(Duration time) {
    timers.advance(time);
  }

  @Override
  public void close() {
    ports.clear();
  }
}
