package io.platformkit.benchmarks.hash;

import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;

/** Enough ids for nothing to be learnt by heart, few enough for the second-level cache. */
final class Ids {
  static final int COUNT = 5000;

  private Ids() {}

  static String[] numbers() {
    return all(i -> "user-" + i);
  }

  static String[] uuids() {
    Random random = new Random(1);
    return all(i -> new UUID(random.nextLong(), random.nextLong()).toString());
  }

  static String[] mails() {
    return all(i -> "first.last" + i + "@mail.example.org");
  }

  static String[] cyrillic() {
    return all(i -> "пользователь-" + i);
  }

  private static String[] all(IntFunction<String> id) {
    String[] ids = new String[COUNT];
    Arrays.setAll(ids, id);
    return ids;
  }
}
