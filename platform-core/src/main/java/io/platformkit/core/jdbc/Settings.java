package io.platformkit.core.jdbc;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.Backoff;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;

/** What a host has chosen, complete. */
record Settings(
    DataSource dataSource,
    Optional<DataSource> listenerDataSource,
    String prefix,
    InstantSource clock,
    Timers timers,
    ErrorHandler errors,
    Optional<MeterRegistry> meters,
    int maxValueBytes,
    Duration timeout,
    Backoff backoff,
    boolean createSchema,
    SqliteSync sqliteSync,
    int connections) {

  /** The full name of a table. */
  String table(String name) {
    return prefix + "_" + name;
  }

  /** Counts an event, if anything is counted. */
  void count(String name, String tag, String value) {
    meters.ifPresent(
        registry -> registry.counter("platform.core.jdbc." + name, tag, value).increment());
  }
}
