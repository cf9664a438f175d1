package io.platformkit.realtime.topics;

import io.platformkit.core.Bounds;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Json;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.TailListener;
import io.platformkit.realtime.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one node. Safe for concurrent use. A topic is there when it is asked for, and goes
 * when nobody has received it for a while.
 */
public final class Topics implements AutoCloseable {
  /** Longest name, in characters. */
  public static final int MAX_NAME = 256;

  /** Most messages that {@link #newest} gives. */
  public static final int MAX_NEWEST = 10_000;

  private static final int PAGE = 500;
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final TopicRules rules;
  private final ErrorHandler errors;
  private final Codec codec;
  private final Context context;
  private final Follower follower;
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("platform-realtime-topics-", 0).factory());
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private final Lifecycle lifecycle = new Lifecycle("topics");
  private final Timers.Timer sweeper;

  /**
   * The topics on a log and a bus.
   *
   * @param rules how each behaves
   * @param log of histories, whose streams are named after their topics; the host's
   * @param bus for topics without history; the host's
   * @param json of payloads
   * @param clock of timestamps
   */
  public Topics(
      TopicRules rules,
      EventLog log,
      MessageBus bus,
      Json json,
      InstantSource clock,
      Timers timers,
      ErrorHandler errors) {
    this.rules = rules;
    this.errors = errors;
    codec = new Codec(json, clock, errors);
    context = new Context(log, bus, timers, codec, workers);
    follower = new Follower(log);
    sweeper = timers.every("realtime-topics", SWEEP, this::sweep);
  }

  /**
   * Publishes to all nodes.
   *
   * @return completes when the log or the bus has taken it
   * @throws IllegalArgumentException if the name, the payload or the size is wrong
   */
  public CompletableFuture<Published> publish(String topic, Message message) {
    requireName(topic);
    lifecycle.requireOpen();
    return topic(topic).publish(codec.encode(message));
  }

  /**
   * Subscribes a connection; {@link Subscription#begin} delivers what it missed, and what comes.
   * Blocks.
   *
   * @param from after which message; null for what comes from now on
   */
  public Subscription subscribe(Subscriber subscriber, String topic, @Nullable Position from) {
    requireName(topic);
    lifecycle.requireOpen();
    Optional<Subscription> made = Optional.empty();
    while (made.isEmpty()) {
      made = topic(topic).subscribe(subscriber, from);
    }
    return made.get();
  }

  /**
   * The newest messages that are kept, the oldest of them first; none without history. Blocks.
   *
   * @param limit from 1 to {@value #MAX_NEWEST}
   * @return envelopes in UTF-8
   */
  public List<byte[]> newest(String topic, int limit) {
    requireName(topic);
    Bounds.requireCount("limit", limit, 1, MAX_NEWEST);
    lifecycle.requireOpen();
    if (rules.of(topic).history().isEmpty()) {
      return List.of();
    }
    return newestRemembered(topic, limit)
        .orElseGet(() ->
            newestStored(topic, limit).stream()
                .flatMap(stored -> codec.decode(topic, stored).stream())
                .toList())
        .stream()
        .map(Delivery::json)
        .toList();
  }

  private Optional<List<Delivery>> newestRemembered(String topic, int limit) {
    return topics.get(topic) instanceof HistoryTopic here ? here.newest(limit) : Optional.empty();
  }

  /** What is trimmed while it is read is none of the newest. */
  private Collection<StoredMessage> newestStored(String topic, int limit) {
    Deque<StoredMessage> newest = new ArrayDeque<>();
    Position from = Position.OLDEST;
    while (true) {
      switch (context.log().read(topic, from, PAGE)) {
        case Read.Gap gap -> from = gap.oldest();
        case Read.Entries(List<Entry> entries, Position head) when entries.isEmpty() -> {
          return newest;
        }
        case Read.Entries(List<Entry> entries, Position head) -> {
          newest.addAll(StoredMessage.of(entries));
          while (newest.size() > limit) {
            newest.removeFirst();
          }
          from = entries.getLast().at();
        }
      }
    }
  }

  /** Checks the name of a topic. */
  public static String requireName(String topic) {
    Bounds.requireName("topic", topic);
    if (topic.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "topic had %d characters but it must have at most %d"
              .formatted(topic.length(), MAX_NAME));
    }
    return topic;
  }

  /** How topics behave. */
  public TopicRules rules() {
    return rules;
  }

  /** How the tail of histories goes. */
  public TailListener.State tailState() {
    return follower.state();
  }

  private Topic topic(String name) {
    return topics.computeIfAbsent(name, this::open);
  }

  private Topic open(String name) {
    var options = rules.of(name);
    return options.history().isPresent()
        ? new HistoryTopic(name, options, context, follower)
        : new LiveTopic(name, options, context);
  }

  private void sweep() {
    topics.forEach((name, topic) -> {
      if (topic instanceof HistoryTopic history) {
        trimBeside(history);
      }
      if (topic.retireIfIdle(IDLE.toNanos()) && topics.remove(name, topic)) {
        codec.forget(name);
      }
    });
  }

  private void trimBeside(HistoryTopic topic) {
    try {
      workers.execute(() -> trim(topic));
    } catch (RejectedExecutionException closed) {
      // the sweep ran while the topics were closed: nothing is trimmed any more
    }
  }

  private void trim(HistoryTopic topic) {
    try {
      topic.trim();
    } catch (RuntimeException failure) {
      errors.handle("trimming topic '%s'".formatted(topic.name()), failure);
    }
  }

  /** Follows nothing any more. */
  @Override
  public void close() {
    lifecycle.close(() -> {
      sweeper.cancel();
      topics.values().forEach(Topic::close);
      follower.close();
      workers.shutdown();
    });
  }
}
