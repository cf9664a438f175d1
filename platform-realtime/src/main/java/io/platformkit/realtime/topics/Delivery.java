package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to the subscribers of this node: its envelope, encoded once for all of
 * them. Safe for concurrent use.
 */
public final class Delivery {
  /** The version of all envelopes. */
  public static final int VERSION = 1;

  private final String type;
  private final String except;
  private final @Nullable Position at;
  private final long publishedAt;
  private final byte[] json;
  private @Nullable Form<?> forms; // guarded by this

  Delivery(String type, String except, @Nullable Position at, long publishedAt, byte[] json) {
    this.type = type;
    this.except = except;
    this.at = at;
    this.publishedAt = publishedAt;
    this.json = json;
  }

  /** What a transport made of it. */
  private record Form<F>(Function<Delivery, F> maker, F made, @Nullable Form<?> next) {}

  /** The message's type. */
  public String type() {
    return type;
  }

  /** Where it is in the topic's history; empty on a topic without. */
  public Optional<Position> at() {
    return Optional.ofNullable(at);
  }

  /** When it was published, in milliseconds since 1970, by the clock of the node that did. */
  public long publishedAt() {
    return publishedAt;
  }

  /** The envelope in UTF-8; not to be changed. */
  public byte[] json() {
    return json;
  }

  /**
   * What a transport sends, made once for all connections.
   *
   * @param maker one object for each kind of what is made
   */
  @SuppressWarnings("unchecked")
  public synchronized <F> F form(Function<Delivery, F> maker) {
    for (Form<?> form = forms; form != null; form = form.next()) {
      if (form.maker().equals(maker)) {
        return (F) form.made();
      }
    }
    F made = maker.apply(this);
    forms = new Form<>(maker, made, forms);
    return made;
  }

  boolean isFor(Subscriber subscriber) {
    return except.isEmpty() || !except.equals(subscriber.id());
  }

  boolean isForAll() {
    return except.isEmpty();
  }

  /** Whether it comes after an offset; what has none does. */
  boolean isAfter(long offset) {
    return at == null || at.offset() > offset;
  }
}
