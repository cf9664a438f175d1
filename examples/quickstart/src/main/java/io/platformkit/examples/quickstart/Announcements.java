package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import java.util.concurrent.CountDownLatch;

/** Whoever keeps state from messages reads it anew when some were missed. */
public final class Announcements {
  private Announcements() {}

  /** Publishes one message to a subscriber. */
  public static void main(String[] args) throws InterruptedException {
    try (var bus = InMemoryMessageBus.create()) {
      announce(bus);
    }
  }

  static void announce(MessageBus bus) throws InterruptedException {
    CountDownLatch heard = new CountDownLatch(1);
    // @start region="bus"
    var flags =
        new BusListener() {
          @Override
          public void onMessage(byte[] data) {
            System.out.println("changed: " + new String(data, UTF_8));
            heard.countDown();
          }

          @Override
          public void onMissed() {
            System.out.println("some changes were missed: load all flags again");
          }
        };
    bus.subscribe("flags", flags); // live when it returns
    bus.publish("flags", "new-checkout".getBytes(UTF_8)).join();
    // @end
    heard.await();
  }
}
