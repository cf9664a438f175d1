package io.platformkit.core.timeseries;

import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The identity of one series: a metric's name and its labels, {@code cpu.usage{host=web-1}}.
 *
 * @param metric not blank, at most {@value #MAX_TEXT} characters, no control characters
 * @param labels sorted by name; names and values as the metric's name, values may be empty; at most
 *     {@value #MAX_LABELS}
 */
public record SeriesKey(String metric, Map<String, String> labels)
    implements Comparable<SeriesKey> {
  /** Longest name or label value, in characters. */
  public static final int MAX_TEXT = 256;

  /** Most labels of one series. */
  public static final int MAX_LABELS = 32;

  private static final Comparator<Map.Entry<String, String>> LABELS =
      Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry.comparingByValue());

  /** Checks and copies. */
  public SeriesKey {
    requireName("metric", metric);
    if (labels.size() > MAX_LABELS) {
      throw new IllegalArgumentException(
          "labels had " + labels.size() + " entries but there must be at most " + MAX_LABELS);
    }
    labels.forEach((name, value) -> {
      requireName("label name", name);
      requireText("label '" + name + "'", value);
    });
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** A series without labels. */
  public static SeriesKey of(String metric) {
    return new SeriesKey(metric, Map.of());
  }

  /** A series with one label. */
  public static SeriesKey of(String metric, String label, String value) {
    return new SeriesKey(metric, Map.of(label, value));
  }

  /** By metric, then by one label's name and value after the other. */
  @Override
  public int compareTo(SeriesKey other) {
    int byMetric = metric.compareTo(other.metric);
    return byMetric != 0 ? byMetric : compareLabels(other);
  }

  private int compareLabels(SeriesKey other) {
    Iterator<Map.Entry<String, String>> others = other.labels.entrySet().iterator();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!others.hasNext()) {
        return 1;
      }
      int byLabel = LABELS.compare(label, others.next());
      if (byLabel != 0) {
        return byLabel;
      }
    }
    return others.hasNext() ? -1 : 0;
  }

  @Override
  public String toString() {
    return labels.isEmpty() ? metric : metric + labels;
  }

  static String requireName(String property, String text) {
    requireText(property, text);
    if (text.isBlank()) {
      throw new IllegalArgumentException(property + " was '" + text + "' but must not be blank");
    }
    return text;
  }

  private static void requireText(String property, String text) {
    Objects.requireNonNull(text, property);
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "%s had %d characters but must have at most %d"
              .formatted(property, text.length(), MAX_TEXT));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(property + " must not contain control characters");
    }
  }
}
