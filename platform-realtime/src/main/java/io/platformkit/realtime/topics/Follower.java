package io.platformkit.realtime.topics;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.Tail;
import io.platformkit.core.log.TailListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The one tail of a node, for all of its topics with history. */
final class Follower implements AutoCloseable {
  private final Map<String, HistoryTopic> topics = new ConcurrentHashMap<>();
  private final Tail tail;
  private volatile TailListener.State state = TailListener.State.LIVE;

  Follower(EventLog log) {
    tail = log.tail(new Listener());
  }

  /** Follows a topic's stream from a position on; also again, after a gap. */
  void add(HistoryTopic topic, Position from) {
    topics.put(topic.name(), topic);
    tail.add(topic.name(), from);
  }

  void remove(HistoryTopic topic) {
    tail.remove(topic.name());
    topics.remove(topic.name());
  }

  /** How the tail goes. */
  TailListener.State state() {
    return state;
  }

  @Override
  public void close() {
    tail.close();
  }

  private final class Listener implements TailListener {
    @Override
    public void onEntries(String stream, List<Entry> entries) {
      HistoryTopic topic = topics.get(stream);
      if (topic != null) {
        topic.onEntries(entries);
      }
    }

    @Override
    public void onGap(String stream, Read.Gap gap) {
      HistoryTopic topic = topics.get(stream);
      if (topic != null) {
        topic.onGap(gap);
      }
    }

    @Override
    public void onState(State now) {
      state = now;
    }
  }
}
