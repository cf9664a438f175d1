package io.platformkit.examples.opsconsole;

import io.platformkit.core.Timers;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.software.os.OperatingSystem;

/**
 * Measures the machine every half second and writes what it finds into a store. Each probe has a
 * thread of its own, so that one that hangs, as a lost network mount makes it, stops nothing else.
 */
final class MachineSampler implements AutoCloseable {
  static final Duration PERIOD = Duration.ofMillis(500);

  private final String host;
  private final List<ProbeRunner> runners;

  MachineSampler(
      String host,
      List<Probe> probes,
      MetricStore store,
      InstantSource clock,
      Consumer<List<Sample>> told) {
    this.host = host;
    runners =
        probes.stream().map(probe -> new ProbeRunner(probe, host, store, clock, told)).toList();
  }

  /**
   * All probes of this machine, and others of what runs on it.
   *
   * @param told gets what is stored, on the probes' threads
   */
  static MachineSampler ofThisMachine(
      MetricStore store, InstantSource clock, Consumer<List<Sample>> told, Probe... others) {
    SystemInfo system = new SystemInfo();
    HardwareAbstractionLayer hardware = system.getHardware();
    OperatingSystem os = system.getOperatingSystem();
    List<Probe> probes = new ArrayList<>(List.of(others));
    probes.addAll(
        List.of(
            new CpuProbe(hardware.getProcessor()),
            new MemoryProbe(hardware.getMemory()),
            new LoadProbe(hardware.getProcessor()),
            new DiskProbe(hardware),
            new FileSystemProbe(os.getFileSystem()),
            new NetworkProbe(hardware),
            new JvmProbe()));
    return new MachineSampler(os.getNetworkParams().getHostName(), probes, store, clock, told);
  }

  /** Starts one timer for each probe. */
  void start(Timers timers) {
    runners.forEach(runner -> runner.start(timers));
  }

  String host() {
    return host;
  }

  List<String> probes() {
    return runners.stream().map(ProbeRunner::name).toList();
  }

  /** How each probe fares, by its name. */
  Map<String, ProbeHealth> health(Instant now) {
    Map<String, ProbeHealth> health = new TreeMap<>();
    runners.forEach(runner -> health.put(runner.name(), runner.health(now)));
    return health;
  }

  /** Starts no reading any more and interrupts those that run. Any number of calls. */
  @Override
  public void close() {
    runners.forEach(ProbeRunner::close);
  }
}
