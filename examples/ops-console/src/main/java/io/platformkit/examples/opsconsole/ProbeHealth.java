package io.platformkit.examples.opsconsole;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a probe fares.
 *
 * @param status {@code "ok"}; {@code "failing"} if its last turn failed; {@code "stalled"} if it
 *     has not come back for long
 * @param lastReading when it last delivered; null if it never did
 * @param readings how often it delivered
 * @param failures how often it failed
 * @param skipped turns that passed while an earlier one still ran
 */
record ProbeHealth(
    String status, @Nullable Instant lastReading, long readings, long failures, long skipped) {
  boolean isOk() {
    return status.equals("ok");
  }
}
