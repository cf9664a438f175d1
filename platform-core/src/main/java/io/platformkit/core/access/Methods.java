package io.platformkit.core.access;

import io.platformkit.core.http.Request;
import java.util.Set;

/** Which methods change something. */
final class Methods {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private Methods() {}

  /** Whatever does not surely only read. */
  static boolean change(Request request) {
    return !READING.contains(request.method());
  }

  /** HEAD is the GET that it asks about. */
  static String of(Request request) {
    return request.method().equals("HEAD") ? "GET" : request.method();
  }
}
