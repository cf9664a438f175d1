package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.store.Cas;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.time.Duration;

/** Whoever changes a value that another has changed meanwhile is told. */
public final class VersionedValues {
  private VersionedValues() {}

  /** Changes a setting from a version that is not there any more. */
  public static void main(String[] args) {
    try (var store = InMemoryKeyValueStore.create()) {
      changeTwice(store);
    }
  }

  private static String text(Cas.Conflict conflict) {
    return new String(conflict.current().orElseThrow().value(), UTF_8);
  }

  static void changeTwice(KeyValueStore store) {
    byte[] light = "light".getBytes(UTF_8);
    // @start region="values"
    long version = store.put("theme", "dark".getBytes(UTF_8), Ttl.of(Duration.ofDays(30)));
    store.put("theme", "sepia".getBytes(UTF_8), Ttl.NEVER); // somebody else was quicker
    switch (store.compareAndSet("theme", version, light, Ttl.NEVER)) {
      case Cas.Stored stored -> System.out.println("light is stored");
      case Cas.Conflict conflict -> System.out.println("there is: " + text(conflict));
    }
    // @end
  }
}
