package io.platformkit.core.jdbc;

import io.platformkit.core.PlatformException;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes now and then what is over: each task a bounded number of rows. */
final class Cleaner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cleaner.class);

  private static final Duration PERIOD = Duration.ofSeconds(15);

  /** Something to be cleaned. */
  interface Task {
    void cancel();
  }

  private final Timers timers;
  private final Map<Object, Runnable> tasks = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private Timers.@Nullable Timer timer;
  private boolean closed;

  Cleaner(Timers timers) {
    this.timers = timers;
  }

  /** From now on, until it is cancelled. */
  Task add(String what, Runnable work) {
    Object key = new Object();
    tasks.put(key, () -> clean(what, work));
    lock.lock();
    try {
      if (timer == null && !closed) {
        timer = timers.every("jdbc-cleaning", PERIOD, this::pass);
      }
    } finally {
      lock.unlock();
    }
    return () -> tasks.remove(key);
  }

  private void pass() {
    tasks.values().forEach(Runnable::run);
  }

  private static void clean(String what, Runnable work) {
    try {
      work.run();
    } catch (PlatformException e) {
      log.warn("What is over of the {} could not be removed; the next pass tries again", what, e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (timer != null) {
        timer.cancel();
      }
    } finally {
      lock.unlock();
    }
  }
}
