package io.platformkit.realtime.server;

import io.platformkit.core.http.Request;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

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
  private final boolean named;
  private final Optional<String> lastType;

  private EventStream(
      Function<Request, List<String>> topics, boolean named, Optional<String> lastType) {
    this.topics = topics;
    this.named = named;
    this.lastType = lastType;
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
    return new EventStream(Objects.requireNonNull(topics, "topics"), false, Optional.empty());
  }

  /**
   * Events are named after the message's type, and their data is the payload alone. Default: they
   * have no name, and their data is the envelope.
   */
  public EventStream named() {
    return new EventStream(topics, true, lastType);
  }

  /**
   * Ends with the first message of a type; a browser does not come back then.
   *
   * @param type {@code "done"}
   */
  public EventStream until(String type) {
    return new EventStream(topics, named, Optional.of(type));
  }

  List<String> topics(Request request) {
    return topics.apply(request);
  }

  boolean isNamed() {
    return named;
  }

  boolean isLast(String type) {
    return lastType.filter(type::equals).isPresent();
  }
}
