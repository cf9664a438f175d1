package io.platformkit.realtime.websocket;

/**
 * Why a connection is closed: the codes of RFC 6455 §7.4.1 that this side uses. Applications have
 * 4000 to 4999 for their own, libraries 3000 to 3999 (§7.4.2).
 */
public final class CloseCode {
  /** The purpose of the connection is fulfilled. */
  public static final int NORMAL = 1000;

  /** The server stops, or the page is left. */
  public static final int GOING_AWAY = 1001;

  /** The peer broke the protocol. */
  public static final int PROTOCOL_ERROR = 1002;

  /** Never sent: the peer's Close gave no code. */
  public static final int NONE = 1005;

  /** Never sent: the connection ended without a Close. */
  public static final int CUT = 1006;

  /** Text was no UTF-8, or compressed data was damaged. */
  public static final int INVALID_DATA = 1007;

  /** A message breaks a rule of the host. */
  public static final int POLICY = 1008;

  /** A message is larger than is taken. */
  public static final int TOO_BIG = 1009;

  /** Our own code failed. */
  public static final int INTERNAL_ERROR = 1011;

  private static final int FIRST_OF_LIBRARIES = 3000;
  private static final int LAST = 4999;
  private static final int LAST_REGISTERED = 1014;
  private static final int RESERVED = 1004;

  private CloseCode() {}

  /** Whether a Close frame may carry it (RFC 6455 §7.4). */
  public static boolean mayBeSent(int code) {
    return (code >= FIRST_OF_LIBRARIES && code <= LAST)
        || (code >= NORMAL && code < RESERVED)
        || (code > CUT && code <= LAST_REGISTERED);
  }
}
