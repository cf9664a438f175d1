package io.platformkit.core.redis;

import io.lettuce.core.RedisConnectionException;
import io.platformkit.core.UnavailableException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** What failures of the client mean. */
final class Failures {
  private Failures() {}

  /** The failure without the wrappings that say nothing. */
  static Throwable reason(Throwable failure) {
    Throwable reason = failure;
    while ((reason instanceof CompletionException || reason instanceof RedisConnectionException)
        && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }

  /** Whether it is the server's error of that code. */
  static boolean says(Throwable failure, String code) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).startsWith(code);
  }

  /** Whether trying again is of no use: the server is not one that this works with. */
  static boolean isFinal(Throwable reason) {
    return reason instanceof UnfitServerException
        || Stream.of("WRONGPASS", "NOAUTH", "NOPERM").anyMatch(code -> says(reason, code));
  }

  /** The server is there, but of a kind that the promises can't be kept on. */
  static final class UnfitServerException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    UnfitServerException(String message) {
      super(message);
    }
  }
}
