package io.platformkit.realtime.server;

import io.platformkit.realtime.CloseReason;
import java.util.concurrent.Executor;

/**
 * What a session's client says: no faster than it may, one after the other, and no faster than it
 * is handled.
 */
final class Inbox {
  private final ClientSession session;
  private final Node node;
  private final Executor loop;
  private final Carrier carrier; // the loop's
  private final Rate rate; // the loop's
  private final Mailbox mailbox;

  Inbox(ClientSession session, Node node, Executor loop, Carrier carrier) {
    this.session = session;
    this.node = node;
    this.loop = loop;
    this.carrier = carrier;
    Limits limits = node.limits();
    rate = new Rate(limits.messagesPerSecond(), limits.maxBurst(), node.timers().nanoTime());
    mailbox = new Mailbox(node.workers(), node.errors());
  }

  /** Takes one envelope, to be handled in its turn; on any thread. */
  void receive(byte[] message) {
    loop.execute(() -> receiveHere(message));
  }

  /** As {@link #receive}, on its loop. */
  void receiveHere(byte[] message) {
    take(
        () -> node.commands().handle(session, message),
        () -> node.commands().refuse(session, message, tooMany()));
  }

  /** As {@link #receiveHere}, of a message that is no envelope. */
  void receiveBinary(byte[] message) {
    take(
        () -> node.commands().handleBinary(session, message),
        () -> session.replies().refuse(Command.NONE, Commands.TOO_MANY, tooMany()));
  }

  private String tooMany() {
    return "at most %d messages a second".formatted(node.limits().messagesPerSecond());
  }

  /** A client that does not stop when it was told is read no more, and closed in its turn. */
  private void take(Runnable handling, Runnable refusing) {
    session.heard();
    node.metrics().received();
    boolean within = rate.take(node.timers().nanoTime());
    boolean exceeded = rate.isExceeded();
    Runnable step = within ? handling : refusing;
    boolean full = add(exceeded ? () -> session.close(CloseReason.TOO_MANY) : step);
    if (full || exceeded) {
      carrier.pauseReading();
    }
  }

  /** Does something in turn with the client's messages: before those that come from now on. */
  void inTurn(Runnable step) {
    if (add(step)) {
      loop.execute(carrier::pauseReading);
    }
  }

  /** Whether much waits. */
  private boolean add(Runnable step) {
    return mailbox.add(step, () -> loop.execute(carrier::resumeReading));
  }
}
