package io.platformkit.realtime.topics;

import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.TopicOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A topic without history: whoever is there gets what comes, by the bus. */
final class LiveTopic extends Topic {
  private io.platformkit.core.bus.@Nullable Subscription subscription;

  LiveTopic(String name, TopicOptions options, Context context) {
    super(name, options, context);
  }

  @Override
  void follow() {
    subscription = context.bus().subscribe(name(), new Listener());
  }

  @Override
  void unfollow() {
    if (subscription != null) {
      subscription.close();
      subscription = null;
    }
  }

  /** Of the node's one subscription. */
  private final class Listener implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      List<Delivery> deliveries = decoded(List.of(new StoredMessage(data, null)));
      locked(() -> deliver(deliveries));
    }

    @Override
    public void onMissed() {
      locked(() -> gap(GapReason.MISSED, null));
    }
  }

  @Override
  CompletableFuture<Published> publish(Encoded message) {
    if (message.data().length > MessageBus.MAX_BYTES) {
      throw new IllegalArgumentException(
          "message of topic '%s' had %d bytes in all but without history it must have at most %d"
              .formatted(name(), message.data().length, MessageBus.MAX_BYTES));
    }
    return context
        .bus()
        .publish(name(), message.data())
        .thenApply(sent -> new Published(message.id(), Optional.empty(), false));
  }

  @Override
  void prepare(Subscription live, @Nullable Position from) {
    locked(() -> attach(live, null, List.of()));
  }

  @Override
  void begin(Subscription live) {}

  /** What had no room is gone. */
  @Override
  void resume(Subscription live) {
    locked(() -> attach(live, null, List.of()));
    onLane(live, () -> live.gap(GapReason.MISSED, null));
  }
}
