package io.platformkit.core.log;

import java.time.Instant;
import java.util.Arrays;

/**
 * One entry of a stream. Equal if position, predecessor, time and bytes are.
 *
 * @param at its own position: reading after it gives what follows
 * @param previous the offset of the entry before; zero for the first. Whoever sees another one than
 *     the last it had has missed something
 * @param time when it was appended, by the clock that the log goes by, in whole milliseconds
 * @param data belongs to the reader
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are what a store is for; equals compares them
public record Entry(Position at, long previous, Instant time, byte[] data) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Entry that
        && at.equals(that.at)
        && previous == that.previous
        && time.equals(that.time)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return at.hashCode();
  }

  @Override
  public String toString() {
    return "%s, %d bytes".formatted(at, data.length);
  }
}
