package io.platformkit.examples.opsconsole;

import java.util.List;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;

/** Bytes that each disk reads and writes in a second. Looks for new disks once a minute. */
final class DiskProbe implements Probe {
  private static final int TURNS_BETWEEN_LISTINGS = 120;

  private final HardwareAbstractionLayer hardware;
  private final Rates rates = new Rates(System::nanoTime);
  private List<HWDiskStore> disks = List.of();
  private int turn;

  DiskProbe(HardwareAbstractionLayer hardware) {
    this.hardware = hardware;
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public void read(Readings readings) {
    if (turn++ % TURNS_BETWEEN_LISTINGS == 0) {
      disks = hardware.getDiskStores().stream().filter(disk -> disk.getSize() > 0).toList();
    }
    for (HWDiskStore disk : disks) {
      if (disk.updateAttributes()) {
        String name = disk.getName();
        double read = rates.perSecond("read " + name, disk.getReadBytes());
        double written = rates.perSecond("write " + name, disk.getWriteBytes());
        readings.add("disk.read", "device", name, read).add("disk.write", "device", name, written);
      }
    }
  }
}
