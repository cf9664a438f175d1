package io.platformkit.core.jdbc;

import io.platformkit.core.RandomNumbers;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Hints between processes, by notifications: which process, which namespace, which stream. They may
 * be lost; tails poll.
 */
final class NotifyBell extends LogBell implements Listener.Ear {
  private final String self = HexFormat.of().toHexDigits(new RandomNumbers().next());
  private final Notes notes;
  private final Optional<Listener> listener;

  NotifyBell(Session session, Optional<Listener> listener) {
    String channel = session.settings().table("log");
    this.notes = new Notes(session, channel);
    this.listener = listener;
    listener.ifPresent(hearing -> hearing.add(channel, this));
  }

  @Override
  void ringOthers(String namespace, Set<String> streams) {
    for (String stream : streams) {
      notes.send("%s %d %s%s".formatted(self, namespace.length(), namespace, stream));
    }
  }

  @Override
  boolean hears() {
    return listener.isPresent();
  }

  @Override
  void arm() {
    listener.ifPresent(Listener::awaitLive);
  }

  @Override
  public void heard(String payload) {
    String[] parts = payload.split(" ", 3);
    if (parts.length == 3 && !parts[0].equals(self)) {
      int end = Integer.parseInt(parts[1]);
      wake(parts[2].substring(0, end), Set.of(parts[2].substring(end)));
    }
  }

  @Override
  public void live(boolean live) {
    wakeUps(live);
  }
}
