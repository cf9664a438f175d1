package io.platformkit.examples.quickstart;

import io.platformkit.core.Lifecycle;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers when it last beat. Time and waiting come from outside: a test moves both by hand. */
// @start region="heartbeat"
public final class Heartbeat implements AutoCloseable {
  private final Lifecycle lifecycle = new Lifecycle("heartbeat");
  private final InstantSource clock;
  private final Timers timers;
  private volatile @Nullable Instant last;
  private Timers.@Nullable Timer beat;

  /** Closes neither the clock nor the timers: they are the caller's. */
  public Heartbeat(InstantSource clock, Timers timers) {
    this.clock = clock;
    this.timers = timers;
  }

  /** Beats every second from now on; works once. */
  public void start() {
    lifecycle.start(() ->
        beat = timers.every("heartbeat", Duration.ofSeconds(1), () -> last = clock.instant()));
  }

  /** When it last beat. */
  public Optional<Instant> last() {
    return Optional.ofNullable(last);
  }

  /** Any number of calls; all but the first wait for the first. */
  @Override
  public void close() {
    lifecycle.close(() -> {
      if (beat != null) {
        beat.cancel();
      }
    });
  }
}
// @end
