-- Labelled samples. Times are milliseconds since 1970-01-01T00:00:00Z.

CREATE TABLE IF NOT EXISTS ${prefix}_schema (
  version    integer PRIMARY KEY,
  name       text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ${prefix}_metric_series (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace text COLLATE "C" NOT NULL,
  metric    text COLLATE "C" NOT NULL,
  labels    text NOT NULL,  -- a JSON object, sorted by name
  digest    bytea NOT NULL, -- SHA-256 of metric and labels, which may be too long for an index
  newest    bigint,         -- time of the newest sample
  UNIQUE (namespace, digest)
);

CREATE INDEX ${prefix}_metric_series_metric ON ${prefix}_metric_series (namespace, metric);

-- One partition for each day, made when its first sample comes and dropped when all of it is expired.
CREATE TABLE ${prefix}_metric_samples (
  series bigint NOT NULL,
  at     bigint NOT NULL,
  value  double precision NOT NULL,
  PRIMARY KEY (series, at)
) PARTITION BY RANGE (at);

CREATE TABLE ${prefix}_metric_rollups (
  series   bigint NOT NULL,
  hour     bigint NOT NULL, -- its first millisecond
  count    bigint NOT NULL,
  sum      double precision NOT NULL,
  min      double precision NOT NULL,
  max      double precision NOT NULL,
  first    double precision NOT NULL,
  first_at bigint NOT NULL,
  last     double precision NOT NULL,
  last_at  bigint NOT NULL,
  PRIMARY KEY (series, hour)
);

-- How long each namespace keeps samples, in milliseconds.
CREATE TABLE ${prefix}_metric_retention (
  namespace text COLLATE "C" PRIMARY KEY,
  millis    bigint NOT NULL
);

INSERT INTO ${prefix}_schema (version, name) VALUES (2, 'metrics');
