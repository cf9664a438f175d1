package io.platformkit.realtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
  @ParameterizedTest
  @EnumSource(Transport.class)
  void threadsAreNamedDaemons(Transport transport) throws Exception {
    try (EventLoops loops = EventLoops.of(transport, "named", 1)) {
      Thread thread = loops.working().submit(Thread::currentThread).get(60, TimeUnit.SECONDS);
      assertThat(thread.getName()).startsWith("named-loop-");
      assertThat(thread.isDaemon()).isTrue();
    }
  }

  @Test
  void onLinuxTheBestTransportIsItsOwn() {
    assertThat(Transport.best()).isEqualTo(Transport.EPOLL);
    try (EventLoops loops = EventLoops.best("best")) {
      assertThat(loops.transport()).isEqualTo(Transport.EPOLL);
    }
  }

  @Test
  void closingEndsAllThreads() {
    EventLoops loops = EventLoops.of(Transport.NIO, "ended", 2);
    loops.close();
    loops.close();
    assertThat(loops.working().isTerminated()).isTrue();
  }

  @Test
  void noLoopsAreRefused() {
    assertThatThrownBy(() -> EventLoops.of(Transport.NIO, "none", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count was '0' but it must be at least 1");
  }
}
