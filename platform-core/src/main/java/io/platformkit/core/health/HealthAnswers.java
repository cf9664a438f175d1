package io.platformkit.core.health;

import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Reports as JSON. No cache may keep one. */
final class HealthAnswers {
  /** The members of an answer that facts may not be named after. */
  static final List<String> MEMBERS =
      List.of("status", "service", "timestamp", "uptime_seconds", "draining", "checks");

  private static final int READY = 200;
  private static final int NOT_READY = 503;

  private final String service;
  private final Predicate<Request> seesDetails;
  private final Map<String, Supplier<?>> facts;
  private final LongSupplier nanoTime;
  private final long startNanos;

  HealthAnswers(
      String service,
      Predicate<Request> seesDetails,
      Map<String, Supplier<?>> facts,
      LongSupplier nanoTime) {
    this.service = service;
    this.seesDetails = seesDetails;
    this.facts = facts;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  Response alive() {
    return answer(READY, Map.of("status", HealthStatus.HEALTHY.toString()));
  }

  Response ready(HealthReport report) {
    return answer(status(report), Map.of("status", report.status().toString()));
  }

  Response whole(HealthReport report, Request request) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("status", report.status().toString());
    members.put("service", service);
    members.put("timestamp", report.at().truncatedTo(ChronoUnit.MILLIS));
    members.put("uptime_seconds", Duration.ofNanos(nanoTime.getAsLong() - startNanos).toSeconds());
    members.put("draining", report.draining());
    facts.forEach((name, value) -> members.put(name, value.get()));
    if (seesDetails.test(request)) {
      List<Map<String, Object>> checks = new ArrayList<>();
      report.checks().forEach(check -> checks.add(members(check)));
      members.put("checks", checks);
    }
    return answer(status(report), members);
  }

  private static Map<String, Object> members(CheckReport check) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", check.name());
    members.put("status", check.result().status().toString());
    members.put("critical", check.critical());
    members.put("detail", check.result().detail());
    members.put("latency_ms", check.took().toNanos() / 1_000_000.0);
    members.put("since", check.since().truncatedTo(ChronoUnit.MILLIS));
    return members;
  }

  private static int status(HealthReport report) {
    return report.status() == HealthStatus.UNHEALTHY ? NOT_READY : READY;
  }

  private static Response answer(int status, Map<String, ?> members) {
    return Response.json(members).withStatus(status).withHeader("Cache-Control", "no-store");
  }
}
