package io.platformkit.realtime.control;

import io.platformkit.core.PlatformException;
import io.platformkit.core.http.Problem;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.topics.Published;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a caller has published, and what it is told when it could not be. */
final class Stored {
  private Stored() {}

  /**
   * Waits until it is stored.
   *
   * @throws io.platformkit.core.http.ProblemException 400 if the topic's name or the message is
   *     wrong, 503 if the log is away
   */
  static Published in(RealtimeServer server, String topic, Supplier<Message> message) {
    try {
      return server.publish(topic, message.get()).join();
    } catch (IllegalArgumentException fault) {
      throw Problem.of(400, String.valueOf(fault.getMessage())).toException();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof PlatformException) {
        throw Problem.of(503, "it could not be stored; try again").toException();
      }
      throw failure;
    }
  }

  /** A member of a body that must be there. */
  static String require(String property, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw Problem.of(400, property + " must be there").toException();
    }
    return value;
  }
}
