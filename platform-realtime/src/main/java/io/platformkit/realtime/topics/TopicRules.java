package io.platformkit.realtime.topics;

import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.TopicOptions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which options a topic has: those of its name, or of the longest pattern that fits, or the
 * defaults. Immutable.
 */
public final class TopicRules {
  private static final String ANYTHING = "*";

  private final Map<String, TopicOptions> exact = new TreeMap<>();
  private final TreeMap<String, TopicOptions> prefixes = new TreeMap<>();
  private final TopicOptions others;

  /**
   * Rules.
   *
   * @param patterns names, or beginnings that end in an asterisk: {@code "orders/*"}
   * @param others for topics that fit none
   */
  public TopicRules(Map<String, TopicOptions> patterns, TopicOptions others) {
    this.others = others;
    patterns.forEach((pattern, options) -> {
      if (pattern.endsWith(ANYTHING)) {
        prefixes.put(pattern.substring(0, pattern.length() - 1), options);
      } else {
        exact.put(Topics.requireName(pattern), options);
      }
    });
  }

  /** The options of a topic. */
  public TopicOptions of(String topic) {
    TopicOptions own = exact.get(topic);
    return own != null ? own : longest(topic);
  }

  /** Whether somebody may receive a topic. */
  public boolean maySubscribe(Optional<Principal> principal, String topic) {
    return of(topic).subscribers().allows(principal, topic);
  }

  /** Whether a client may publish to a topic. */
  public boolean mayPublish(Optional<Principal> principal, String topic) {
    return of(topic).publishers().allows(principal, topic);
  }

  private TopicOptions longest(String topic) {
    for (Map.Entry<String, TopicOptions> each : prefixes.descendingMap().entrySet()) {
      if (topic.startsWith(each.getKey())) {
        return each.getValue(); // of two that fit, the longer one is the later one
      }
    }
    return others;
  }
}
