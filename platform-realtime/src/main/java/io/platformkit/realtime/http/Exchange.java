package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.http.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the head of the one to the last byte of the other. For the
 * connection's event loop, but for {@link #window}.
 */
final class Exchange {
  private final Serving serving;
  private final HttpRequest head;
  private final long start;
  private final Window window = new Window();
  private Optional<Takeover> takeover = Optional.empty();
  private @Nullable Incoming incoming;
  private @Nullable Thread thread;
  private boolean whole;
  private boolean hasSlot;
  private boolean keepsAlive;
  private int status;

  Exchange(Serving serving, HttpRequest head, long start) {
    this.serving = serving;
    this.head = head;
    this.start = start;
  }

  HttpRequest head() {
    return head;
  }

  /** Where the answer is on its way. */
  Window window() {
    return window;
  }

  /**
   * Checks the head.
   *
   * @throws io.platformkit.core.http.ProblemException if it is refused
   */
  void admit(Channel channel) {
    if (head.decoderResult().isFailure()) {
      throw Incoming.malformed(head.decoderResult(), serving.options()).toException();
    }
    if (serving.isStopping()) {
      throw Problem.of(503, "the server is stopping").toException();
    }
    Incoming checked =
        Incoming.of(head, channel, serving.reception(), serving.options().maxHeaders());
    incoming = checked;
    takeover = serving.takeover(head);
    checked.allow(takeover.isPresent() ? 0 : serving.options().requests().maxBodyBytes());
  }

  /** What receives it, once its head was checked. */
  Incoming incoming() {
    Incoming now = incoming;
    if (now == null) {
      throw new IllegalStateException("the head was refused");
    }
    return now;
  }

  /** Who wants the connection. */
  Optional<Takeover> takeover() {
    return takeover;
  }

  void becomeWhole() {
    whole = true;
  }

  /** Whether all of the body is there. */
  boolean isWhole() {
    return whole;
  }

  void gotSlot() {
    hasSlot = true;
  }

  boolean hasSlot() {
    return hasSlot;
  }

  /** Lets its answer be made on a thread of its own. */
  void start(Runnable answer) {
    Thread starting = serving.threads().newThread(answer);
    starting.start();
    thread = starting;
  }

  /** Interrupts whoever makes the answer. */
  void interrupt() {
    Thread answering = thread;
    if (answering != null) {
      answering.interrupt();
    }
  }

  /** The answer begins. */
  void answered(AnswerHead with) {
    status = with.message().status().code();
    keepsAlive = with.keepsAlive();
  }

  /** Whether the connection may have another request after this. */
  boolean keepsAlive() {
    return keepsAlive;
  }

  /** Whether a thread makes the answer, or has made it. */
  boolean isRunning() {
    return thread != null;
  }

  /** Nothing more will be done for it. */
  void end() {
    window.close();
    if (status > 0) {
      serving.metrics().answered(head.method().name(), status, serving.nanoTime() - start);
    }
    if (hasSlot) {
      hasSlot = false;
      serving.slots().release();
    }
  }
}
