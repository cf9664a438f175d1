package io.platformkit.realtime.topics;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as the log or the bus has it.
 *
 * @param at null if it came by the bus
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to be decoded
record StoredMessage(byte[] data, @Nullable Position at) {
  static List<StoredMessage> of(List<Entry> entries) {
    return entries.stream().map(entry -> new StoredMessage(entry.data(), entry.at())).toList();
  }
}
