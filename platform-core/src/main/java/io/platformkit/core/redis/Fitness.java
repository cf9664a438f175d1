package io.platformkit.core.redis;

import io.platformkit.core.UnavailableException;
import io.platformkit.core.redis.Failures.UnfitServerException;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the promises can be kept on a server, by what it says of itself. */
final class Fitness {
  private static final Logger log = LoggerFactory.getLogger(Fitness.class);

  private Fitness() {}

  /**
   * Refuses a server.
   *
   * @param info the answer to INFO; empty if it is not permitted
   * @param evicting whether the host takes a server that drops any key when memory is short
   * @return what is random for each run of the server; empty if it is not known
   */
  static String require(String info, boolean evicting) {
    Map<String, String> facts = parse(info);
    if ("cluster".equals(facts.get("redis_mode"))) {
      throw new UnfitServerException(
          "this is a Redis Cluster, where one script can't change keys of several slots; use a"
              + " standalone server or Sentinel");
    }
    if ("slave".equals(facts.get("role"))) {
      throw new UnavailableException("this server is a replica");
    }
    String policy = facts.getOrDefault("maxmemory_policy", "noeviction");
    if (!"0".equals(facts.getOrDefault("maxmemory", "0"))) {
      requirePolicy(policy, evicting);
    }
    return facts.getOrDefault("run_id", "");
  }

  private static void requirePolicy(String policy, boolean evicting) {
    if (policy.startsWith("allkeys-") && !evicting) {
      throw new UnfitServerException(
          "maxmemory-policy was '%s' but it must be 'noeviction': the server may drop any key; a"
                  .formatted(policy)
              + " host that keeps only what it can lose says evicting(true)");
    }
    if (policy.startsWith("volatile-")) {
      log.warn(
          "Redis' maxmemory-policy is '{}': when memory is short, it drops leases and all else that"
              + " expires",
          policy);
    }
  }

  private static Map<String, String> parse(String info) {
    return info.lines()
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2)
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip(), (a, b) -> a));
  }
}
