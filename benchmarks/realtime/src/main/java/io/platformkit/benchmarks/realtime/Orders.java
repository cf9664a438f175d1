package io.platformkit.benchmarks.realtime;

import java.io.IOException;

/**
 * What every server process does alike: it prints its port, publishes one message for every byte of
 * its standard input, and ends with it.
 */
final class Orders {
  /** What each message says: 100 bytes. */
  static final String TEXT = "0123456789".repeat(10);

  private Orders() {}

  /** Serves until the input ends. */
  static void follow(int port, Runnable publish) throws IOException {
    System.out.println(port);
    byte[] orders = new byte[4096];
    for (int count = System.in.read(orders); count >= 0; count = System.in.read(orders)) {
      for (int i = 0; i < count; i++) {
        publish.run();
      }
    }
  }
}
