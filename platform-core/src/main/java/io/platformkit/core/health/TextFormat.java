package io.platformkit.core.health;

import java.util.List;
import java.util.Locale;

/**
 * How metrics are written, as the scraper's {@code Accept} asks.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/content_negotiation/">Prometheus, content
 *     negotiation</a>
 */
enum TextFormat {
  /** Of equal preference, this: what Prometheus takes when nothing is said. */
  TEXT("text/plain", "0.0.4"),
  OPEN_METRICS("application/openmetrics-text", "1.0.0");

  private final String type;
  private final String version;

  TextFormat(String type, String version) {
    this.type = type;
    this.version = version;
  }

  String contentType() {
    return type + "; version=" + version + "; charset=utf-8";
  }

  /** The format of the highest weight; text if the scraper takes neither, as others do. */
  static TextFormat preferred(List<String> accept) {
    return OPEN_METRICS.weight(accept) > TEXT.weight(accept) ? OPEN_METRICS : TEXT;
  }

  private double weight(List<String> accept) {
    double weight = 0;
    for (String line : accept) {
      for (String range : line.split(",", -1)) {
        weight = Math.max(weight, weightIn(range.toLowerCase(Locale.ROOT)));
      }
    }
    return weight;
  }

  /** A range with a version other than ours asks for something else. */
  private double weightIn(String range) {
    String[] parts = range.strip().split("\\s*;\\s*", -1);
    boolean named = parts[0].equals(type);
    if (!named && !(this == TEXT && (parts[0].equals("*/*") || parts[0].equals("text/*")))) {
      return 0;
    }
    double weight = 1;
    for (String parameter : parts) {
      if (parameter.startsWith("version=") && !parameter.equals("version=" + version)) {
        return 0;
      }
      if (parameter.startsWith("q=")) {
        weight = number(parameter.substring(2));
      }
    }
    return weight;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0; // what has no readable weight is not asked for
    }
  }
}
