package io.platformkit.realtime.http;

/** What a connection does; in some of these it waits for the client. */
enum Phase {
  /** Nothing has come yet. */
  OPENED,
  /** A request has begun and is not whole. */
  RECEIVING,
  /** The request waits for a slot. */
  WAITING,
  /** The endpoint works, and all that it has written is sent. */
  ANSWERING,
  /** The client has to take more of the answer. */
  SENDING,
  /** The connection is kept for another request. */
  IDLE,
  /** The last answer is sent; what the client still sends is thrown away. */
  LINGERING,
  /** Closed, or about to be. */
  OVER;

  /** Whether a request is cut if the connection ends now. */
  boolean isInRequest() {
    return this == RECEIVING || this == WAITING || this == ANSWERING || this == SENDING;
  }
}
