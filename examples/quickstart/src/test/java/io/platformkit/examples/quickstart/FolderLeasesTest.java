package io.platformkit.examples.quickstart;

import io.platformkit.core.ContractServer;
import io.platformkit.core.EmbeddedServer;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.lease.LeasesContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** How an adapter is proved: here that of a folder. */
// @start region="contract"
class FolderLeasesTest extends LeasesContract {
  @TempDir private Path folder;
  private final EmbeddedServer machine = EmbeddedServer.of("a folder"); // time moves by hand

  @Override
  protected ContractServer server() {
    return machine;
  }

  @Override
  protected Leases open(Way way, String namespace) {
    try {
      Path files = Files.createDirectories(folder.resolve(namespace));
      return new FolderLeases(files, machine.clock(), machine.timers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
// @end
