package io.platformkit.realtime.websocket;

/**
 * How a connection's outgoing messages are compressed: each for itself, without context take-over.
 *
 * @param windowBits 8 to 15; the client inflates with a window of that size
 * @param minBytes smaller messages are not compressed
 */
record Compression(int windowBits, int minBytes, Zlib zlib) {
  static final int LEAST_WINDOW_BITS = 8;

  /** The window of every deflater of the JDK. */
  static final int MOST_WINDOW_BITS = 15;

  /**
   * Whether to compress a message of that size. The deflater's window can't be made smaller, but in
   * a message that is no longer than the window nothing refers further back.
   */
  boolean covers(int bytes) {
    return bytes >= minBytes && (windowBits == MOST_WINDOW_BITS || bytes <= 1 << windowBits);
  }
}
