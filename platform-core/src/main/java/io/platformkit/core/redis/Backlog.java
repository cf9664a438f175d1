package io.platformkit.core.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Calls that wait for a connection, in their order. For one thread at a time. */
final class Backlog {
  private final Deque<Call> calls = new ArrayDeque<>();

  boolean isEmpty() {
    return calls.isEmpty();
  }

  @Nullable Call poll() {
    return calls.poll();
  }

  void addFirst(Call call) {
    calls.addFirst(call);
  }

  /** Adds all that is there. */
  void takeFrom(Queue<Call> inbox) {
    for (Call call = inbox.poll(); call != null; call = inbox.poll()) {
      calls.add(call);
    }
  }

  /** Ends all calls. */
  void giveUp(Throwable why) {
    calls.forEach(call -> call.giveUp(why));
    calls.clear();
  }

  /** Ends the calls whose time is up. */
  void giveUpDue(long now, Throwable why) {
    for (Iterator<Call> each = calls.iterator(); each.hasNext(); ) {
      Call call = each.next();
      if (call.isDue(now)) {
        call.giveUp(why);
        each.remove();
      }
    }
  }
}
