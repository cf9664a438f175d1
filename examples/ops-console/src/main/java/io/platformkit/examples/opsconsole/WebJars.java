package io.platformkit.examples.opsconsole;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Where the page's libraries are on the class path. */
final class WebJars {
  private static final String CHART_JS = "META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private WebJars() {}

  /** The folder with {@code chart.umd.min.js}; the jar's own version is part of its path. */
  static String chartJs() {
    try (InputStream in = WebJars.class.getClassLoader().getResourceAsStream(CHART_JS)) {
      if (in == null) {
        throw new IllegalStateException(
            "chart.js is not on the class path; add org.webjars.npm:chart.js");
      }
      Properties properties = new Properties();
      properties.load(in);
      return "META-INF/resources/webjars/chart.js/%s/dist"
          .formatted(properties.getProperty("version", "unknown"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + CHART_JS, e);
    }
  }
}
