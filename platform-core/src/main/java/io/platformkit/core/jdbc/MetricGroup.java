package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.SeriesKey;
import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Columns of many writers that become one transaction. It can run again, also after it was done and
 * nobody knows: samples that are there already are late then, and their hours are rolled up anew.
 */
final class MetricGroup implements Sql<MetricGroup.Outcome> {
  private final MetricSql sql;
  private final MetricLimits limits;
  private final Oldest oldest;
  private final String forUpdate;
  private final Map<SeriesKey, Long> known;
  private final List<Columns> columns;

  /** The newest time of each series when these columns were first to be written. */
  private final Map<Long, Long> windowEnds = new ConcurrentHashMap<>();

  /**
   * What one run has done, if it is committed.
   *
   * @param tooOld of each of the columns how many samples
   * @param tooMany of each of the columns whether its series was one too many
   * @param ids of the series that were written
   */
  record Outcome(List<Integer> tooOld, List<Boolean> tooMany, Map<SeriesKey, Long> ids) {}

  MetricGroup(
      MetricSql sql,
      MetricLimits limits,
      Oldest oldest,
      String forUpdate,
      Map<SeriesKey, Long> known,
      List<Columns> columns) {
    this.sql = sql;
    this.limits = limits;
    this.oldest = oldest;
    this.forUpdate = forUpdate;
    this.known = known;
    this.columns = columns;
  }

  @Override
  public Outcome run(Connection connection) throws SQLException {
    Map<SeriesKey, Long> ids = new HashMap<>();
    Map<Long, Long> newest = open(connection, ids);
    Map<Long, SeriesBatch> batches = new LinkedHashMap<>();
    List<Integer> tooOld = new ArrayList<>();
    List<Boolean> tooMany = new ArrayList<>();
    for (Columns column : columns) {
      Long id = ids.get(column.key());
      tooMany.add(id == null);
      tooOld.add(
          id == null
              ? 0
              : batches
                  .computeIfAbsent(id, itsId -> batch(itsId, newest))
                  .add(column.times(), column.values()));
    }
    write(connection, batches.values());
    return new Outcome(tooOld, tooMany, ids);
  }

  private SeriesBatch batch(long id, Map<Long, Long> newest) {
    long stored = newest.getOrDefault(id, SeriesBatch.NOTHING);
    long windowEnd = windowEnds.computeIfAbsent(id, first -> stored);
    return new SeriesBatch(id, stored, windowEnd, limits.window().toMillis());
  }

  private void write(Connection connection, Collection<SeriesBatch> all) throws SQLException {
    List<SeriesBatch> batches = all.stream().filter(batch -> batch.size() > 0).toList();
    if (!batches.isEmpty()) {
      batches.forEach(SeriesBatch::settle);
      sql.writeSamples(connection, batches);
      sql.rollUp(connection, batches);
      sql.series.setNewest(connection, batches);
    }
  }

  /**
   * Finds or adds the series of all columns, as far as there may be more, and locks them.
   *
   * @return the newest time of each
   */
  private Map<Long, Long> open(Connection connection, Map<SeriesKey, Long> ids)
      throws SQLException {
    for (Columns column : columns) {
      Long id = known.get(column.key());
      if (id != null) {
        ids.put(column.key(), id);
      }
    }
    Map<Long, Long> newest = sql.series.lock(connection, ids, forUpdate);
    ids.values().retainAll(newest.keySet()); // others are gone since they were last written
    if (columns.stream().allMatch(column -> ids.containsKey(column.key()))) {
      return newest;
    }
    addMissing(connection, ids);
    return sql.series.lock(connection, ids, forUpdate);
  }

  private void addMissing(Connection connection, Map<SeriesKey, Long> ids) throws SQLException {
    sql.lockSeries(connection);
    int count = sql.series.count(connection);
    for (Columns column : columns) {
      if (ids.containsKey(column.key())) {
        continue;
      }
      Optional<Long> there = sql.series.find(connection, column.key());
      if (there.isEmpty() && count >= limits.maxSeries()) {
        sql.expiry.deleteSeries(connection, oldest, forUpdate);
        count = sql.series.count(connection);
      }
      if (there.isEmpty() && count < limits.maxSeries()) {
        sql.series.add(connection, column.key());
        count++;
        there = sql.series.find(connection, column.key());
      }
      there.ifPresent(id -> ids.put(column.key(), id));
    }
  }
}
