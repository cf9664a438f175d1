package io.platformkit.realtime.websocket;

/**
 * How a connection's outgoing messages are compressed: each for itself, without context take-over.
 *
 * @param windowBits 8 to 15; the client inflates with a window of that size
 * @param minBytes smaller messages are not compressed
 */
record Compression(int windowBits, int minBytes, Zlib zlib) {
  /** The window of every deflater of the JDK. */
  static final int MOST_WINDOW_BITS = 15;

  /**
   * Whether to compress a message of that size. The deflater's window can't be made smaller, but in
   * a message that is no longer than the window nothing refers further back.
   */
  boolean covers(int bytes) {
    return bytes >= minBytes && (!isLimited() || bytes <= 1 << windowBits);
  }

  /** Whether the client asked for a window that is smaller than the deflater's. */
  boolean isLimited() {
    return windowBits < MOST_WINDOW_BITS;
  }
}
