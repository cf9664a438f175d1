package io.platformkit.examples.opsconsole;

import oshi.hardware.CentralProcessor;

/** Load averages of 1, 5 and 15 minutes, where the system has them. */
final class LoadProbe implements Probe {
  private final CentralProcessor processor;

  LoadProbe(CentralProcessor processor) {
    this.processor = processor;
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public void read(Readings readings) {
    double[] loads = processor.getSystemLoadAverage(3);
    if (loads[0] >= 0) { // negative: the system has none
      readings.add("load.1m", loads[0]).add("load.5m", loads[1]).add("load.15m", loads[2]);
    }
  }
}
