package io.platformkit.core.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.platformkit.core.UnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection and what is under way on it. It ends at the first sign of trouble: what is under
 * way then goes to the next connection in the same order. Used by one thread at a time, but for the
 * client's own thread, which brings the answers.
 */
final class Session {
  /**
   * Errors that say "not now" or "not here", before anything was done. Scripts are loaded when a
   * connection is made, so that one that is not there asks for a new connection too: sending its
   * text instead would let later calls overtake.
   */
  private static final Set<String> PASSING =
      Set.of("NOSCRIPT", "LOADING", "READONLY", "MASTERDOWN", "BUSY", "TRYAGAIN");

  private static final String ABORTED = "EXECABORT";

  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Id id;
  private final Queue<Call> underWay = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private volatile @Nullable Thread sender;

  Session(StatefulRedisConnection<byte[], byte[]> connection, Id id) {
    this.connection = connection;
    this.id = id;
  }

  /**
   * What the server knows the connection by.
   *
   * @param run of the server; empty if it is not known
   * @param client number of the connection in that run; zero if it is not known
   */
  record Id(String run, long client) {
    boolean isKnown() {
      return !run.isEmpty() && client > 0;
    }
  }

  Id id() {
    return id;
  }

  /** Called once when the connection can't be used any more, perhaps on a thread of the client. */
  void onEnd(Consumer<Throwable> listener) {
    CompletableFuture<Void> unused = ended.thenAccept(listener);
  }

  /** Marks the end; {@link #close} and {@link #takeUnderWay} are the link's. */
  void end(Throwable why) {
    ended.complete(why);
  }

  void send(List<Call> calls, long now) {
    Collection<RedisCommand<byte[], byte[], ?>> commands = new ArrayList<>(calls.size());
    for (Call call : calls) {
      try {
        CommandArgs<byte[], byte[]> args = call.send(now);
        call.before().forEach(part -> commands.add(new Sent(call, part)));
        commands.add(new Sent(call, args));
        underWay.add(call);
      } catch (RuntimeException failure) {
        call.completeExceptionally(failure);
      }
    }
    sender = Thread.currentThread();
    try {
      if (commands.size() == 1) {
        connection.dispatch(commands.iterator().next());
      } else {
        connection.dispatch(commands);
      }
    } finally {
      sender = null;
    }
  }

  /** Ends the calls whose time is up; their answers still come, for nobody. */
  void expireDue(long now) {
    for (Call call : underWay) {
      if (!call.isDue(now)) {
        break;
      }
      call.expire(new UnavailableException("no answer in time"));
    }
  }

  @Nullable Call oldest() {
    return underWay.peek();
  }

  /** Takes over what has no answer, oldest first. */
  List<Call> takeUnderWay() {
    List<Call> taken = new ArrayList<>();
    for (Call call = underWay.poll(); call != null; call = underWay.poll()) {
      taken.add(call);
    }
    return taken;
  }

  void close() {
    discard(connection);
  }

  /** Closes a connection that nobody waits for any more. */
  static void discard(StatefulConnection<?, ?> connection) {
    CompletableFuture<Void> unused = connection.closeAsync();
  }

  /** One sending of a call, or of what comes before it. */
  private final class Sent extends Command<byte[], byte[], Object> {
    private final Call call;
    private final Reply reply;
    private final boolean answers;

    Sent(Call call, CommandArgs<byte[], byte[]> args) {
      this(call, call.type(), args, new Reply(), true);
    }

    Sent(Call call, Transaction.Part part) {
      this(call, part.type(), part.args(), new Reply(), false);
    }

    private Sent(
        Call call,
        ProtocolKeyword type,
        CommandArgs<byte[], byte[]> args,
        Reply reply,
        boolean answers) {
      super(type, reply, args);
      this.call = call;
      this.reply = reply;
      this.answers = answers;
    }

    @Override
    public void complete() {
      super.complete();
      if (reply.hasError()) {
        refuse(reply.getError());
      } else if (answers) {
        leave();
        call.complete(reply.value());
      }
    }

    private void refuse(String error) {
      int space = error.indexOf(' ');
      String code = space < 0 ? error : error.substring(0, space);
      if (code.equals(ABORTED)) {
        return; // the error of the command that was not queued has come before
      }
      if (PASSING.contains(code)) {
        call.refused();
        end(new UnavailableException("Redis said " + error));
      } else {
        leave();
        call.refuse(new UnavailableException(error));
      }
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
      boolean first = super.completeExceptionally(failure);
      if (Thread.currentThread().equals(sender)) {
        call.refused(); // the client did not even begin to write
      }
      end(failure);
      return first;
    }

    @Override
    public void cancel() {
      super.cancel();
      end(new RedisException("the client cancelled a command"));
    }

    private void leave() {
      if (call.equals(underWay.peek())) {
        underWay.poll();
      } else {
        underWay.remove(call);
      }
    }
  }
}
