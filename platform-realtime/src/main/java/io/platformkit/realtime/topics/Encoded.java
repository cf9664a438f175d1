package io.platformkit.realtime.topics;

import java.util.Optional;

/**
 * A message as it is published.
 *
 * @param id its own
 * @param key under which it is published once
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to the log or the bus
record Encoded(String id, Optional<String> key, byte[] data) {}
