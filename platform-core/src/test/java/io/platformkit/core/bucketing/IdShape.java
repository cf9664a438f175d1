package io.platformkit.core.bucketing;

import java.util.UUID;

/** What ids look like. */
enum IdShape {
  SEQUENTIAL,
  UUIDS,
  E_MAILS,
  CYRILLIC;

  String id(int i) {
    return switch (this) {
      case SEQUENTIAL -> Integer.toString(i);
      case UUIDS -> new UUID(mixed(i), mixed(-i - 1)).toString();
      case E_MAILS -> "first.last" + i + "@mail" + i % 7 + ".example.org";
      case CYRILLIC -> "пользователь-" + i;
    };
  }

  private static long mixed(long i) {
    return (i * 0x9E3779B97F4A7C15L) ^ ((i * 0xD1342543DE82EF95L) >>> 29);
  }
}
