package io.platformkit.examples.quickstart;

import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.redis.Redis;
import javax.sql.DataSource;

/** The same ports on servers: one door for each. */
public final class OnAServer {
  private OnAServer() {}

  /** Uses ports of Redis. */
  static void redis(String uri) throws InterruptedException {
    // @start region="redis"
    try (var redis = Redis.connect(uri)) { // redis://localhost
      VersionedValues.changeTwice(redis.keyValues("prefs"));
      ResumedReading.resume(redis.eventLog());
      Announcements.announce(redis.messageBus());
      OneAtATime.work(redis.leases());
    }
    // @end
  }

  /** Uses ports of a database: PostgreSQL, or SQLite, which has no message bus. */
  static void database(DataSource dataSource) {
    // @start region="jdbc"
    try (var jdbc = Jdbc.on(dataSource)) { // makes its tables, never closes the data source
      VersionedValues.changeTwice(jdbc.keyValues("prefs"));
      ResumedReading.resume(jdbc.eventLog());
      OneAtATime.work(jdbc.leases());
      System.out.println(jdbc.metricStore("prefs").metrics());
    }
    // @end
  }
}
