package io.platformkit.examples.opsconsole;

import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one turn of one probe measured; for one thread. */
final class Readings {
  private final String host;
  private final Instant at;
  private final List<Sample> samples = new ArrayList<>();

  Readings(String host, Instant at) {
    this.host = host;
    this.at = at;
  }

  /** A value of the whole host. */
  Readings add(String metric, double value) {
    return add(SeriesKey.of(metric, "host", host), value);
  }

  /** A value of one part: a core, a device, a mount. */
  Readings add(String metric, String label, String part, double value) {
    return add(metric, Map.of(label, part), value);
  }

  /** A value of one part that several labels name. */
  Readings add(String metric, Map<String, String> labels, double value) {
    return add(key(metric, labels), value);
  }

  private SeriesKey key(String metric, Map<String, String> labels) {
    Map<String, String> all = new HashMap<>(labels);
    all.put("host", host);
    return new SeriesKey(metric, all);
  }

  /** That a part has no value now, which charts show as a gap. */
  Readings gap(String metric, Map<String, String> labels) {
    samples.add(new Sample(key(metric, labels), at, Double.NaN));
    return this;
  }

  /** A count of the whole host; exact up to 2^53, which bytes do not reach. */
  Readings add(String metric, long value) {
    return add(metric, (double) value);
  }

  /** A count of one part. */
  Readings add(String metric, String label, String part, long value) {
    return add(metric, label, part, (double) value);
  }

  private Readings add(SeriesKey key, double value) {
    if (Double.isFinite(value)) {
      samples.add(new Sample(key, at, value));
    }
    return this;
  }

  List<Sample> samples() {
    return samples;
  }
}
