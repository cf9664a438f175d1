package io.platformkit.realtime.server;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections each address has. Safe for concurrent use. */
final class Addresses {
  private final int most;
  private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();

  Addresses(int most) {
    this.most = most;
  }

  /** Whether the address may have one more; it has it then. */
  boolean enter(InetAddress address) {
    boolean[] entered = {true};
    counts.compute(
        address,
        (key, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < most;
          return entered[0] ? Integer.valueOf(now + 1) : count;
        });
    return entered[0];
  }

  void leave(InetAddress address) {
    counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }
}
