package io.platformkit.core.redis;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PlatformException;
import io.platformkit.core.UnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: bytes, a {@link Long}, a list of these, or null. The link sends it,
 * again where that is safe, until it is answered or its time is up. Completes on a thread of the
 * client: only who waits for it may hang on it, and others by way of an executor.
 */
class Call extends CompletableFuture<@Nullable Object> {
  /** What is safe when an answer is lost. */
  enum Kind {
    /** To ask again; nothing was changed. */
    READ,
    /** To ask again; the server finds out what was done already. */
    REPEATABLE,
    /** Nothing. */
    ONCE
  }

  private final Kind kind;
  private final String what;
  private final String id;
  private final ProtocolKeyword type;
  private final CommandArgs<byte[], byte[]> args;

  // The link's own; what it writes here is seen by whoever sees the completion.
  private long deadline;
  private long firstSent;
  private long lastSent;
  private boolean sent;
  private boolean again;
  private volatile boolean refused;

  /**
   * What is to be asked.
   *
   * @param what for messages: {@code "get of key"}
   * @param id of what it is about, for messages
   */
  Call(Kind kind, String what, String id, ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
    this.kind = kind;
    this.what = what;
    this.id = id;
    this.type = type;
    this.args = args;
  }

  /**
   * The arguments for one sending.
   *
   * @param nanos since it was sent for the first time; zero for the first time
   */
  CommandArgs<byte[], byte[]> args(long nanos) {
    return args;
  }

  /** What is sent right before it, and only queued by the server until it comes. */
  List<Transaction.Part> before() {
    return List.of();
  }

  ProtocolKeyword type() {
    return type;
  }

  /** Whether an earlier sending may have been done, so that the answer may be about itself. */
  boolean again() {
    return again;
  }

  void due(long nanoTime) {
    deadline = nanoTime;
  }

  boolean isDue(long now) {
    return now - deadline >= 0;
  }

  long lastSent() {
    return lastSent;
  }

  /** The arguments for a sending at this time. */
  CommandArgs<byte[], byte[]> send(long now) {
    if (!sent) {
      sent = true;
      firstSent = now;
    }
    lastSent = now;
    return args(again ? Math.max(1, now - firstSent) : 0);
  }

  /** The server, or the client before it wrote, said that nothing was done. */
  void refused() {
    refused = true;
  }

  /**
   * The connection ended before the answer; whether it is to be sent again. If not, it is complete.
   */
  boolean lost(Throwable cause) {
    if (isDone()) {
      return false;
    }
    if (refused) {
      refused = false;
      return true;
    }
    again = true;
    if (kind == Kind.ONCE) {
      expire(cause);
      return false;
    }
    return true;
  }

  /** The time is up while it was not under way. */
  void giveUp(Throwable cause) {
    completeExceptionally(again ? unknown(cause) : unavailable(cause));
  }

  /** The time is up while it was under way. */
  void expire(Throwable cause) {
    completeExceptionally(unknown(cause));
  }

  private PlatformException unknown(Throwable cause) {
    return kind == Kind.READ
        ? unavailable(cause)
        : new OutcomeUnknownException(
            "Redis was asked for %s '%s' and nobody knows what it did: %s"
                .formatted(what, id, reason(cause)),
            cause);
  }

  private UnavailableException unavailable(Throwable cause) {
    return new UnavailableException(
        "Redis could not be asked for %s '%s': %s".formatted(what, id, reason(cause)), cause);
  }

  private static String reason(Throwable cause) {
    return cause instanceof InterruptedException
        ? "interrupted while waiting for the answer"
        : String.valueOf(cause.getMessage());
  }

  /** The server said no, and did nothing. */
  void refuse(Throwable answer) {
    completeExceptionally(
        new UnavailableException(
            "Redis refused %s '%s': %s".formatted(what, id, answer.getMessage()), answer));
  }

  /** An answer came that does not tell whether it was this very call that did it. */
  OutcomeUnknownException ambiguous() {
    return new OutcomeUnknownException(
        "Redis was asked for %s '%s' and nobody knows what it did: the first answer was lost"
                .formatted(what, id)
            + " and what is there now tells nothing",
        new IllegalStateException("the connection was lost in between"));
  }

  /** Waits for the answer; parks a virtual thread. */
  @Nullable Object await() {
    try {
      return get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(e);
    } catch (ExecutionException e) {
      throw here(e.getCause() == null ? e : e.getCause());
    }
  }

  /** The same failure with the stack of who waits. */
  private static RuntimeException here(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case OutcomeUnknownException unknown -> new OutcomeUnknownException(message, unknown);
      case UnavailableException unavailable -> new UnavailableException(message, unavailable);
      case RuntimeException other -> other;
      default -> new PlatformException(message, failure);
    };
  }
}
