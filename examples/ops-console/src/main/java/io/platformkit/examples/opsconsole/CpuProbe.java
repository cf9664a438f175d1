package io.platformkit.examples.opsconsole;

import oshi.hardware.CentralProcessor;

/** Busy time of all cores together and of each, in percent since the turn before. */
final class CpuProbe implements Probe {
  private final CentralProcessor processor;
  private long[] lastTotal;
  private long[][] lastCores;

  CpuProbe(CentralProcessor processor) {
    this.processor = processor;
    lastTotal = processor.getSystemCpuLoadTicks();
    lastCores = processor.getProcessorCpuLoadTicks();
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public void read(Readings readings) {
    long[] total = processor.getSystemCpuLoadTicks();
    long[][] cores = processor.getProcessorCpuLoadTicks();
    double load = processor.getSystemCpuLoadBetweenTicks(lastTotal, total);
    readings.add("cpu.usage", "core", "total", 100 * load);
    double[] loads = processor.getProcessorCpuLoadBetweenTicks(lastCores, cores);
    for (int core = 0; core < loads.length; core++) {
      readings.add("cpu.usage", "core", Integer.toString(core), 100 * loads[core]);
    }
    lastTotal = total;
    lastCores = cores;
  }
}
