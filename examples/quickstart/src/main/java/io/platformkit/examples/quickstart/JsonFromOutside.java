package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Json;
import io.platformkit.core.MalformedJsonException;
import java.time.Instant;

/** Strict and bounded JSON: what a document did wrong is said with path, line and rule. */
public final class JsonFromOutside {
  private static final Json JSON = Json.standard();

  private JsonFromOutside() {}

  /** A value that comes and goes as a document. */
  record Reading(String host, Instant at, double celsius) {}

  /** Encodes and decodes a reading, then a wrong one. */
  public static void main(String[] args) {
    // @start region="json"
    var reading = new Reading("web-1", Instant.parse("2026-01-01T12:00:00Z"), 41.5);
    byte[] document = JSON.encode(reading);
    System.out.println(new String(document, UTF_8));
    System.out.println(JSON.decode(document, Reading.class).equals(reading));

    try {
      JSON.decode("{\"host\":\"web-1\",\"celsius\":\"41.5\"}", Reading.class);
    } catch (MalformedJsonException e) {
      System.out.println(e.getMessage());
    }
    // @end
  }
}
