package io.platformkit.examples.opsconsole;

import java.util.List;
import oshi.software.os.FileSystem;
import oshi.software.os.OSFileStore;

/** Space of each local file system, in bytes. Looks for new mounts once a minute. */
final class FileSystemProbe implements Probe {
  private static final int TURNS_BETWEEN_LISTINGS = 120;
  private static final long SMALLEST = 1 << 20; // below are the kernel's own

  private final FileSystem fileSystem;
  private List<OSFileStore> stores = List.of();
  private int turn;

  FileSystemProbe(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  public String name() {
    return "filesystem";
  }

  @Override
  public void read(Readings readings) {
    if (turn++ % TURNS_BETWEEN_LISTINGS == 0) {
      stores = fileSystem.getFileStores(true);
    }
    for (OSFileStore store : stores) {
      if (store.updateAttributes() && store.getTotalSpace() >= SMALLEST) {
        long used = store.getTotalSpace() - store.getFreeSpace();
        readings
            .add("disk.used", "mount", store.getMount(), used)
            .add("disk.total", "mount", store.getMount(), store.getTotalSpace());
      }
    }
  }
}
