package io.platformkit.examples.opsconsole;

import java.util.List;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;

/**
 * Bytes that each interface receives and sends in a second. Looks for new interfaces once a minute.
 */
final class NetworkProbe implements Probe {
  private static final int TURNS_BETWEEN_LISTINGS = 120;

  private final HardwareAbstractionLayer hardware;
  private final Rates rates = new Rates(System::nanoTime);
  private List<NetworkIF> interfaces = List.of();
  private int turn;

  NetworkProbe(HardwareAbstractionLayer hardware) {
    this.hardware = hardware;
  }

  @Override
  public String name() {
    return "network";
  }

  @Override
  public void read(Readings readings) {
    if (turn++ % TURNS_BETWEEN_LISTINGS == 0) {
      interfaces = hardware.getNetworkIFs();
    }
    for (NetworkIF link : interfaces) {
      if (link.updateAttributes()) {
        String name = link.getName();
        double received = rates.perSecond("rx " + name, link.getBytesRecv());
        double sent = rates.perSecond("tx " + name, link.getBytesSent());
        readings
            .add("network.rx", "interface", name, received)
            .add("network.tx", "interface", name, sent);
      }
    }
  }
}
