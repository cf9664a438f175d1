package io.platformkit.realtime.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The time as answers tell it, written once a second. Safe for concurrent use.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1">RFC 9110, 6.6.1</a>
 */
final class Dates {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private volatile Stamp latest = new Stamp(Long.MIN_VALUE, "");

  Dates(InstantSource clock) {
    this.clock = clock;
  }

  String now() {
    Instant now = clock.instant();
    Stamp stamp = latest;
    if (stamp.second() != now.getEpochSecond()) {
      stamp = new Stamp(now.getEpochSecond(), IMF_FIXDATE.format(now));
      latest = stamp;
    }
    return stamp.text();
  }

  private record Stamp(long second, String text) {}
}
