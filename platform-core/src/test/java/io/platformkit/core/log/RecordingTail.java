package io.platformkit.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a tail tells. Safe for concurrent use. */
public final class RecordingTail implements TailListener {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(2);

  private final Map<String, List<Entry>> entries = new ConcurrentHashMap<>();
  private final Map<String, List<Read.Gap>> gaps = new ConcurrentHashMap<>();
  private final List<State> states = new CopyOnWriteArrayList<>();

  /** Nothing told yet. */
  public RecordingTail() {}

  @Override
  public void onEntries(String stream, List<Entry> added) {
    entries.computeIfAbsent(stream, key -> new CopyOnWriteArrayList<>()).addAll(added);
  }

  @Override
  public void onGap(String stream, Read.Gap gap) {
    gaps.computeIfAbsent(stream, key -> new CopyOnWriteArrayList<>()).add(gap);
  }

  @Override
  public void onState(State state) {
    states.add(state);
  }

  /** The entries of a stream so far. */
  public List<Entry> entries(String stream) {
    return List.copyOf(entries.getOrDefault(stream, List.of()));
  }

  /** The gaps of a stream so far. */
  public List<Read.Gap> gaps(String stream) {
    return List.copyOf(gaps.getOrDefault(stream, List.of()));
  }

  /** The states so far. */
  public List<State> states() {
    return List.copyOf(states);
  }

  /** The entries of a stream as text. */
  public List<String> texts(String stream) {
    return entries(stream).stream().map(entry -> new String(entry.data(), UTF_8)).toList();
  }

  /** Waits until these were told of a stream, and no others. */
  public void awaitTexts(String stream, List<String> expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(SOON)
        .untilAsserted(() -> assertThat(texts(stream)).isEqualTo(expected));
  }

  /** Waits for the first gap of a stream. */
  public Read.Gap awaitGap(String stream) {
    await().atMost(PATIENCE).pollInterval(SOON).until(() -> !gaps(stream).isEmpty());
    return gaps(stream).getFirst();
  }
}
