package io.platformkit.realtime.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much of an answer may be on its way before its writer has to wait for the client. Between one
 * writer and the connection's event loop, which never waits.
 */
final class Window {
  private static final int MAX_BYTES = 64 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int inFlight;
  private boolean closed;

  /**
   * Waits until so many bytes fit in.
   *
   * @throws IOException if the connection has ended
   */
  void take(int bytes) throws IOException {
    lock.lock();
    try {
      while (!closed && inFlight > 0 && inFlight + bytes > MAX_BYTES) {
        changed.await();
      }
      if (closed) {
        throw new IOException("the connection has ended");
      }
      inFlight += bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server stopped");
    } finally {
      lock.unlock();
    }
  }

  void give(int bytes) {
    lock.lock();
    try {
      inFlight -= bytes;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
