package io.platformkit.realtime.websocket;

/**
 * The peer broke a rule; the connection ends with this code and reason. Without a stack trace:
 * nothing of ours failed, and a hostile peer decides how often it happens.
 */
final class ViolationException extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;

  ViolationException(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
    this.reason = reason;
  }

  static ViolationException ofProtocol(String reason) {
    return new ViolationException(CloseCode.PROTOCOL_ERROR, reason);
  }

  static ViolationException ofText() {
    return new ViolationException(CloseCode.INVALID_DATA, "text was not UTF-8");
  }

  static ViolationException ofSize(int maxBytes) {
    return new ViolationException(
        CloseCode.TOO_BIG, "message had more than %d bytes".formatted(maxBytes));
  }

  int code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
