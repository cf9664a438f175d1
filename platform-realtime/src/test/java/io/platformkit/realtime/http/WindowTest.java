package io.platformkit.realtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final int PIECE = 16 << 10;

  private final Window window = new Window();
  private final AtomicInteger taken = new AtomicInteger();

  @Test
  void aWriterWaitsWhenSixtyFourKibibytesAreOnTheirWay() {
    var writing = CompletableFuture.runAsync(this::takeFive);
    await().until(() -> taken.get() == 4);
    assertThat(writing).isNotDone();
    window.give(PIECE);
    writing.join();
    assertThat(taken).hasValue(5);
  }

  @Test
  void aPieceLargerThanTheWindowGoesAlone() {
    assertThatCode(() -> window.take(1 << 20)).doesNotThrowAnyException();
  }

  @Test
  void aWriterThatWaitsIsToldThatTheConnectionHasEnded() {
    var writing = CompletableFuture.runAsync(this::takeFive);
    await().until(() -> taken.get() == 4);
    window.close();
    assertThatThrownBy(writing::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> window.take(0)).isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() throws Exception {
    window.take(4 * PIECE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> window.take(1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private void takeFive() {
    try {
      for (int i = 0; i < 5; i++) {
        window.take(PIECE);
        taken.incrementAndGet();
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}
