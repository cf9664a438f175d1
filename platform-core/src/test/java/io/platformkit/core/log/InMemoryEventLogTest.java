package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.EmbeddedServer;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemoryEventLogTest extends EventLogContract {
  private final EmbeddedServer memory = EmbeddedServer.of("memory");
  private final SettableClock clock = SettableClock.create();

  @Override
  protected ContractServer server() {
    return memory;
  }

  @Override
  protected EventLog open(Way way, EventLogOptions options) {
    return memory.port(options, () -> newLog(options));
  }

  private EventLog newLog(EventLogOptions options) {
    InMemoryEventLog.Builder builder =
        InMemoryEventLog.builder().clock(memory.clock()).timers(memory.timers());
    options.idleTtl().ifPresent(builder::idleTtl);
    return builder.build();
  }

  @Test
  void idleStreamsAreRemovedWithoutBeingRead() {
    InMemoryEventLog log =
        closing(InMemoryEventLog.builder().clock(clock).idleTtl(Duration.ofMinutes(1)).build());
    IntStream.range(0, 1_000).forEach(i -> append(log, "s" + i, List.of("a")));
    clock.advance(Duration.ofMinutes(1));
    IntStream.range(0, 100).forEach(i -> append(log, "other", List.of("a")));
    assertThat(log.count()).isEqualTo(1);
  }

  @Test
  void moreThanItMayHoldIsRefused() {
    InMemoryEventLog log = closing(InMemoryEventLog.builder().maxBytes(303).build());
    append(log, "s", List.of("a", "b"));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> get(log.append("t", bytes("cc"))))
        .withMessageContaining("maxBytes, 303");
    append(log, "t", List.of("c"));
    log.trim("s", Retention.newest(1));
    append(log, "t", List.of("d"));
    log.delete("t");
    append(log, "s", List.of("c", "d"));
    assertThat(texts(entries(log, "s", Position.OLDEST))).containsExactly("b", "c", "d");
  }

  @Test
  void theErrorHandlerIsToldOfWhatListenersThrow() {
    List<String> errors = new CopyOnWriteArrayList<>();
    InMemoryEventLog log =
        closing(
            InMemoryEventLog.builder().errorHandler((where, failure) -> errors.add(where)).build());
    log.tail(
            new TailListener() {
              @Override
              public void onEntries(String stream, List<Entry> entries) {
                throw new IllegalStateException("no");
              }

              @Override
              public void onGap(String stream, Read.Gap gap) {}
            })
        .add("s", log.head("s"));
    append(log, "s", List.of("a"));
    await().until(() -> errors.size() == 1);
    assertThat(errors).containsExactly("onEntries of a tail of memory-log");
  }

  @Test
  void wrongOptionsAreRefusedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            InMemoryEventLog.builder().maxValueBytes(0).maxBytes(0).idleTtl(Duration.ZERO).build())
        .withMessageContainingAll(
            "maxValueBytes was '0'", "maxBytes was '0'", "idleTtl was 'PT0S'");
    assertThatIllegalStateException()
        .isThrownBy(() -> InMemoryEventLog.builder().clock(clock).clock(clock))
        .withMessage("clock was already set");
  }
}
