package io.platformkit.realtime.server;

import io.platformkit.core.Json;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.topics.Delivery;
import io.platformkit.realtime.topics.GapReason;
import io.platformkit.realtime.topics.Subscription;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the envelopes that are of no topic's stream. Safe for concurrent use. */
final class Envelopes {
  private final Json json;
  private final InstantSource clock;

  Envelopes(Json json, InstantSource clock) {
    this.json = json;
    this.clock = clock;
  }

  /**
   * A message to one client.
   *
   * @param id of the message that it answers, or its own
   */
  byte[] of(String type, @Nullable String id, @Nullable Object payload) {
    return of(type, id, null, payload, Map.of());
  }

  /** The host's message to whoever is there; of no offset. */
  byte[] of(Message message, String id, @Nullable String topic) {
    return of(message.type(), id, topic, message.payload(), message.metadata());
  }

  private byte[] of(
      String type,
      @Nullable String id,
      @Nullable String topic,
      @Nullable Object payload,
      Map<String, String> metadata) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("version", Delivery.VERSION);
    members.put("type", type);
    if (id != null) {
      members.put("id", id);
    }
    if (topic != null) {
      members.put("topic", topic);
    }
    members.put("timestamp", clock.instant().toString());
    members.put("payload", payload);
    if (!metadata.isEmpty()) {
      members.put("metadata", metadata);
    }
    return json.encode(members);
  }

  /** Something of a topic was missed; what follows is after the offset. */
  byte[] gap(Subscription subscription, GapReason why) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("reason", why.name().toLowerCase(Locale.ROOT));
    subscription.at().map(Position::token).ifPresent(at -> payload.put("offset", at));
    return of("gap", null, subscription.topic(), payload, Map.of());
  }
}
