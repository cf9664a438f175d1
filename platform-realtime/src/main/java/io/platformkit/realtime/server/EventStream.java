package io.platformkit.realtime.server;

import io.platformkit.core.http.Request;
import io.platformkit.core.log.Position;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events at a path of the host's: which topics it has, and how its events
 * look. Immutable.
 *
 * <pre>{@code
 * EventStream.of(request -> "notifications/" + request.pathVariable("user_id")).named()
 * }</pre>
 */
public final class EventStream {
  private final Function<Request, List<String>> topics;
  private final Look look;
  private final boolean fromOldest;
  private final Optional<String> lastType;

  private EventStream(
      Function<Request, List<String>> topics,
      Look look,
      boolean fromOldest,
      Optional<String> lastType) {
    this.topics = topics;
    this.look = look;
    this.fromOldest = fromOldest;
    this.lastType = lastType;
  }

  /** What an event has. */
  enum Look {
    /** The envelope. */
    ENVELOPE,
    /** The payload, under the message's type. */
    NAMED,
    /** The payload alone. */
    PLAIN
  }

  /**
   * A stream of one topic; whoever may subscribe to it may open the stream.
   *
   * @param topic its name, from the request's path and query
   */
  public static EventStream of(Function<Request, String> topic) {
    Objects.requireNonNull(topic, "topic");
    return ofAll(request -> List.of(topic.apply(request)));
  }

  /** As {@link #of}, of several topics. */
  public static EventStream ofAll(Function<Request, List<String>> topics) {
    return new EventStream(
        Objects.requireNonNull(topics, "topics"), Look.ENVELOPE, false, Optional.empty());
  }

  /**
   * Events are named after the message's type, and their data is the payload alone. Default: they
   * have no name, and their data is the envelope.
   */
  public EventStream named() {
    return new EventStream(topics, Look.NAMED, fromOldest, lastType);
  }

  /**
   * Events have no name, and their data is the payload alone; the first one is that of {@code
   * connected}. Default: their data is the envelope.
   */
  public EventStream plain() {
    return new EventStream(topics, Look.PLAIN, fromOldest, lastType);
  }

  /**
   * A client that shows no id of an event begins with all that the histories have. Default: with
   * what comes from now on.
   */
  public EventStream fromOldest() {
    return new EventStream(topics, look, true, lastType);
  }

  /**
   * Ends with the first message of a type; a browser does not come back then.
   *
   * @param type {@code "done"}
   */
  public EventStream until(String type) {
    return new EventStream(topics, look, fromOldest, Optional.of(type));
  }

  List<String> topics(Request request) {
    return topics.apply(request);
  }

  Look look() {
    return look;
  }

  /** Where whoever shows no position begins; null for what comes from now on. */
  @Nullable Position start() {
    return fromOldest ? Position.OLDEST : null;
  }

  boolean isLast(String type) {
    return lastType.filter(type::equals).isPresent();
  }
}
