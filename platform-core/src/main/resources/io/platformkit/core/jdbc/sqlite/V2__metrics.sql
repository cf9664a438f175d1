-- Labelled samples. Times are milliseconds since 1970-01-01T00:00:00Z. NaN is NULL.

CREATE TABLE IF NOT EXISTS ${prefix}_schema (
  version    INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE ${prefix}_metric_series (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace TEXT NOT NULL,
  metric    TEXT NOT NULL,
  labels    TEXT NOT NULL, -- a JSON object, sorted by name
  digest    BLOB NOT NULL, -- SHA-256 of metric and labels
  newest    INTEGER,       -- time of the newest sample
  UNIQUE (namespace, digest)
);

CREATE INDEX ${prefix}_metric_series_metric ON ${prefix}_metric_series (namespace, metric);

CREATE TABLE ${prefix}_metric_samples (
  series INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  value  REAL,
  PRIMARY KEY (series, at)
) WITHOUT ROWID;

CREATE TABLE ${prefix}_metric_rollups (
  series   INTEGER NOT NULL,
  hour     INTEGER NOT NULL, -- its first millisecond
  count    INTEGER NOT NULL,
  sum      REAL,
  min      REAL NOT NULL,
  max      REAL NOT NULL,
  first    REAL NOT NULL,
  first_at INTEGER NOT NULL,
  last     REAL NOT NULL,
  last_at  INTEGER NOT NULL,
  PRIMARY KEY (series, hour)
) WITHOUT ROWID;

-- How long each namespace keeps samples, in milliseconds.
CREATE TABLE ${prefix}_metric_retention (
  namespace TEXT PRIMARY KEY,
  millis    INTEGER NOT NULL
);

INSERT INTO ${prefix}_schema (version, name) VALUES (2, 'metrics');
