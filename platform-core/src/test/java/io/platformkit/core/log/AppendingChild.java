package io.platformkit.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PlatformException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Appends consecutive numbers to a stream as fast as it can, until it is killed. Each line that it
 * writes says what became of one: {@code ack 17.}, {@code unknown 17.} or {@code failed 17.}.
 */
public final class AppendingChild {
  /** The stream that the numbers go to. */
  static final String STREAM = "numbers";

  private static final int IN_FLIGHT = 64;

  private AppendingChild() {}

  /** Arguments: class of the {@link LogOpener}, where, first number. */
  public static void main(String[] args) throws ReflectiveOperationException, InterruptedException {
    LogOpener opener =
        Class.forName(args[0]).asSubclass(LogOpener.class).getDeclaredConstructor().newInstance();
    EventLog log = opener.open(args[1]);
    Semaphore room = new Semaphore(IN_FLIGHT);
    for (long number = Long.parseLong(args[2]); ; number++) {
      long mine = number;
      room.acquire();
      var unused =
          log.append(STREAM, Long.toString(mine).getBytes(UTF_8))
              .whenComplete((at, failure) -> {
                say(outcome(failure) + " " + mine + ".");
                room.release();
              });
    }
  }

  private static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return "ack";
    }
    Throwable reason =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return reason instanceof OutcomeUnknownException ? "unknown" : "failed";
  }

  /** In one piece, so that a kill leaves at most one line incomplete, the last one. */
  private static void say(String line) {
    try {
      System.out.write((line + "\n").getBytes(UTF_8));
      System.out.flush();
    } catch (IOException e) {
      throw new PlatformException("the parent can't be told", e);
    }
  }
}
