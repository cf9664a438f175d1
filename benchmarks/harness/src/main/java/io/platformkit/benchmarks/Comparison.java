package io.platformkit.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One row of a duel.
 *
 * @param metric what was measured, with its unit and whether less or more is better
 * @param ours our figure
 * @param peer the other's, measured in turns with ours
 * @param ratio above 1 we are better
 */
public record Comparison(
    String duel,
    String metric,
    double ours,
    double peer,
    String peerName,
    Kind kind,
    double ratio) {
  /** What the other figure is. */
  public enum Kind {
    /** Another way to get the same result. */
    PEER,
    /** A physical floor or ceiling, or a stated goal: 1 is as good as it gets, or met. */
    LIMIT
  }

  /** Where less is better: times, bytes. */
  public static Comparison lessIsBetter(
      String duel, String metric, double ours, double peer, String peerName, Kind kind) {
    return new Comparison(duel, metric, ours, peer, peerName, kind, peer / ours);
  }

  /** Where more is better: throughput. */
  public static Comparison moreIsBetter(
      String duel, String metric, double ours, double peer, String peerName, Kind kind) {
    return new Comparison(duel, metric, ours, peer, peerName, kind, ours / peer);
  }

  /** The JSON line's members. */
  Map<String, Object> toJson() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("duel", duel);
    line.put("metric", metric);
    line.put("ours", ours);
    line.put("peer", peer);
    line.put("peerName", peerName);
    line.put("kind", kind.name().toLowerCase(Locale.ROOT));
    line.put("ratio", ratio);
    return line;
  }
}
