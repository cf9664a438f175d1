package io.platformkit.realtime.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a session's client is answered, and what it answers itself. Safe for concurrent use. */
final class Replies {
  private final Node node;
  private final Sender sender;
  private @Nullable Answers<byte[]> awaited; // guarded by this

  /** Of the command that is handled; the mailbox's thread. */
  private @Nullable Command current;

  Replies(Node node, Sender sender) {
    this.node = node;
    this.sender = sender;
  }

  // To commands

  /** Begins to handle a command, or ends to; the mailbox's thread. */
  void handling(@Nullable Command command) {
    current = command;
  }

  /** Whether the command that was handled is not answered yet. */
  boolean isUnanswered() {
    return current != null;
  }

  /** As {@link io.platformkit.realtime.Session#reply}. */
  void reply(@Nullable Object payload) {
    Command command = current;
    if (command == null) {
      throw new IllegalStateException("no message is being handled, or it was answered already");
    }
    current = null;
    acknowledge(command, payload);
  }

  /** Says that a command is done, if its client wants to know. */
  void acknowledge(Command command, @Nullable Object payload) {
    if (command.id() != null) {
      answer("ack", command, payload);
    }
  }

  /** Says what came of a command. */
  void answer(String type, Command command, @Nullable Object payload) {
    sender.control(type, node.envelopes().of(type, command.id(), payload));
  }

  /** Says that a command was not done. */
  void refuse(Command command, String code, String message) {
    node.metrics().refused(code);
    answer("error", command, Map.of("code", code, "message", message));
  }

  // From the client

  /** As {@link io.platformkit.realtime.Session#request}. */
  CompletableFuture<byte[]> request(String type, @Nullable Object payload, Duration timeout) {
    Answers.Awaited<byte[]> asked = awaited().await(timeout);
    if (sender.isEnded()) {
      end();
    }
    sender.control(type, node.envelopes().of(type, asked.id(), payload));
    return asked.answer();
  }

  private synchronized Answers<byte[]> awaited() {
    if (awaited == null) {
      awaited = new Answers<>(node.timers());
    }
    return awaited;
  }

  /** An answer came. */
  void answered(String id, byte[] payload) {
    awaited().complete(id, payload);
  }

  /** No answer will come. */
  synchronized void end() {
    if (awaited != null) {
      awaited.fail(new IOException("the session has ended"));
    }
  }
}
