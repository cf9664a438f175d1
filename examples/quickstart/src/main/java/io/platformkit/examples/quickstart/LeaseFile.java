package io.platformkit.examples.quickstart;

import io.platformkit.core.OutcomeUnknownException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One file that says who holds a lease; locked while it is read and changed. */
final class LeaseFile {
  private static final Duration PATIENCE = Duration.ofMillis(1);

  private final Path path;
  private final InstantSource clock;

  LeaseFile(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  /**
   * Who holds the lease, or held it last.
   *
   * @param until microseconds since the epoch
   */
  record Holder(long token, long owner, long until) {
    boolean isOver(long now) {
      return until <= now;
    }

    boolean isHeldBy(Holder other, long now) {
      return token == other.token && owner == other.owner && !isOver(now);
    }

    Holder next(long nextOwner, long now, Duration ttl) {
      return new Holder(Math.max(token + 1, now), nextOwner, 0).until(now, ttl);
    }

    Holder until(long now, Duration ttl) {
      return new Holder(token, owner, now + TimeUnit.NANOSECONDS.toMicros(ttl.toNanos()));
    }
  }

  /** What becomes of the holder. */
  interface Change {
    Holder of(Holder last, long now);
  }

  long micros() {
    return TimeUnit.MILLISECONDS.toMicros(clock.millis());
  }

  /** Changes the holder while nobody else can; gives the one afterwards. */
  Holder change(Change change) {
    try (FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      lock(file);
      Holder last = read(file);
      Holder next = change.of(last, micros());
      if (!next.equals(last)) {
        write(file, next);
      }
      return next;
    } catch (IOException e) {
      throw new OutcomeUnknownException("lease file '%s' could not be changed".formatted(path), e);
    }
  }

  /** Waits for its turn, also among the threads of this process; the file's close ends it. */
  private static void lock(FileChannel file) throws IOException {
    boolean locked = false;
    while (!locked) {
      try {
        locked = file.lock().isValid();
      } catch (OverlappingFileLockException anotherThread) {
        LockSupport.parkNanos(PATIENCE.toNanos());
      }
    }
  }

  private static Holder read(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(3 * Long.BYTES);
    if (file.read(bytes, 0) < bytes.capacity()) {
      return new Holder(0, 0, 0);
    }
    return new Holder(bytes.getLong(0), bytes.getLong(8), bytes.getLong(16));
  }

  private static void write(FileChannel file, Holder holder) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(3 * Long.BYTES);
    bytes.putLong(holder.token).putLong(holder.owner).putLong(holder.until).flip();
    file.write(bytes, 0);
  }
}
