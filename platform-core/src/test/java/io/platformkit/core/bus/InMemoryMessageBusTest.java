package io.platformkit.core.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.EmbeddedServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class InMemoryMessageBusTest extends MessageBusContract {
  private final EmbeddedServer memory = EmbeddedServer.of("memory");

  @Override
  protected ContractServer server() {
    return memory;
  }

  @Override
  protected MessageBus open(Way way, String namespace) {
    return memory.port(namespace, InMemoryMessageBus::create);
  }

  @Test
  void theErrorHandlerIsToldOfWhatListenersThrow() {
    List<String> errors = new CopyOnWriteArrayList<>();
    MessageBus bus =
        closing(
            InMemoryMessageBus.builder()
                .errorHandler((where, failure) -> errors.add(where))
                .build());
    bus.subscribe(
        "t",
        new BusListener() {
          @Override
          public void onMessage(byte[] data) {
            throw new IllegalStateException("no");
          }

          @Override
          public void onMissed() {}
        });
    publish(bus, "t", "a");
    await().until(() -> errors.size() == 1);
    assertThat(errors).containsExactly("onMessage of a subscriber of 't' of memory-bus");
  }

  @Test
  void wrongOptionsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InMemoryMessageBus.builder().queue(0).build())
        .withMessage("queue was '0' but it must be at least 1");
    assertThatIllegalStateException()
        .isThrownBy(() -> InMemoryMessageBus.builder().queue(1).queue(1))
        .withMessage("queue was already set");
  }
}
