package io.platformkit.realtime;

import io.platformkit.core.Bounds;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is published. Immutable.
 *
 * <pre>{@code
 * Message.of("new_message", new ChatLine("ann", "hello")).key("line-17")
 * }</pre>
 */
public final class Message {
  private final String type;
  private final @Nullable Object payload;
  private final Map<String, String> metadata;
  private final Optional<String> key;
  private final Optional<String> except;

  private Message(
      String type,
      @Nullable Object payload,
      Map<String, String> metadata,
      Optional<String> key,
      Optional<String> except) {
    this.type = type;
    this.payload = payload;
    this.metadata = metadata;
    this.key = key;
    this.except = except;
  }

  /**
   * A message.
   *
   * @param type what happened, a name: {@code "new_message"}
   * @param payload whatever JSON can be made of
   */
  public static Message of(String type, @Nullable Object payload) {
    Bounds.requireName("type", type);
    return new Message(type, payload, Map.of(), Optional.empty(), Optional.empty());
  }

  /** With one more word about the message itself. */
  public Message metadata(String name, String value) {
    Map<String, String> more = new TreeMap<>(metadata);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return new Message(type, payload, Collections.unmodifiableMap(more), key, except);
  }

  /**
   * Published once, whoever tries how often: the same key on the same topic within five minutes is
   * the same message. For topics with history.
   *
   * @param key a name
   */
  public Message key(String key) {
    Bounds.requireName("key", key);
    return new Message(type, payload, metadata, Optional.of(key), except);
  }

  /**
   * Not for this session: all but the sender.
   *
   * @param session its {@link Session#id}
   */
  public Message except(String session) {
    Bounds.requireName("session", session);
    return new Message(type, payload, metadata, key, Optional.of(session));
  }

  /** What happened. */
  public String type() {
    return type;
  }

  /** What it is about. */
  public @Nullable Object payload() {
    return payload;
  }

  /** Words about the message itself. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Under which it is published once. */
  public Optional<String> key() {
    return key;
  }

  /** The session that does not get it. */
  public Optional<String> except() {
    return except;
  }
}
