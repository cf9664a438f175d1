package io.platformkit.examples.opsconsole;

import oshi.hardware.GlobalMemory;
import oshi.hardware.VirtualMemory;

/** Memory and swap, in bytes. */
final class MemoryProbe implements Probe {
  private final GlobalMemory memory;

  MemoryProbe(GlobalMemory memory) {
    this.memory = memory;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void read(Readings readings) {
    VirtualMemory swap = memory.getVirtualMemory();
    readings
        .add("memory.used", memory.getTotal() - memory.getAvailable())
        .add("memory.total", memory.getTotal())
        .add("swap.used", swap.getSwapUsed())
        .add("swap.total", swap.getSwapTotal());
  }
}
