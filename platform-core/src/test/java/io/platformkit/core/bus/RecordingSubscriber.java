package io.platformkit.core.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Keeps the messages of one subscription, as text. Safe for concurrent use. */
public final class RecordingSubscriber implements BusListener {
  /** Stands among the messages where some were perhaps missed. */
  public static final String MISSED = "(missed)";

  private final List<String> told = new CopyOnWriteArrayList<>();

  /** Nothing told yet. */
  public RecordingSubscriber() {}

  @Override
  public void onMessage(byte[] data) {
    told.add(new String(data, UTF_8));
  }

  @Override
  public void onMissed() {
    told.add(MISSED);
  }

  /** All that was told so far, in order. */
  public List<String> told() {
    return List.copyOf(told);
  }

  /** Without {@link #MISSED}. */
  public List<String> messages() {
    return told.stream().filter(message -> !message.equals(MISSED)).toList();
  }

  /** Whether messages were perhaps missed. */
  public boolean missed() {
    return told.contains(MISSED);
  }

  /** Waits until something was told. */
  public void await(String message) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> told.contains(message));
  }
}
