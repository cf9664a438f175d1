package io.platformkit.realtime.server;

import io.platformkit.realtime.Audience;
import java.util.Optional;

/** What nodes tell each other about sessions; {@link Notices} says how it travels. */
@SuppressWarnings("ArrayRecordComponent") // on their way
sealed interface Notice {
  /** A message to whoever is there, but for one session. */
  record Told(Audience to, Optional<String> except, String type, byte[] envelope)
      implements Notice {}

  /** A principal is let in no more. */
  record Revoked(String principal) implements Notice {}

  /**
   * A command for a session.
   *
   * @param number under which the node that asks waits for the receipt
   * @param from that node
   */
  record Posted(String number, String from, String session, Optional<String> caller, byte[] command)
      implements Notice {}

  /** What became of a command. */
  record Received(String number, Receipt receipt) implements Notice {}
}
