package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;

/** A reader goes on where it was, from a token that it has kept. */
public final class ResumedReading {
  private ResumedReading() {}

  /** Appends, and reads what came after a position. */
  public static void main(String[] args) {
    try (var log = InMemoryEventLog.create()) {
      resume(log);
    }
  }

  static void resume(EventLog log) {
    byte[] sent = "order 7 was sent".getBytes(UTF_8);
    // @start region="log"
    String token = log.append("orders", "order 7 was paid".getBytes(UTF_8)).join().token();
    log.append("orders", sent).join();
    switch (log.read("orders", Position.parse(token), 100)) {
      case Read.Entries some -> some.entries().forEach(ResumedReading::print);
      case Read.Gap gap -> System.out.println("something is missing: " + gap.why());
    }
    // @end
  }

  private static void print(Entry entry) {
    System.out.println(entry.at().offset() + " " + new String(entry.data(), UTF_8));
  }
}
