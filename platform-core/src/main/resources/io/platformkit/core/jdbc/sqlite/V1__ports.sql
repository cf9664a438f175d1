-- Tables of the ports: key-value store, event log, leases.
-- Applied by the library itself, or by you, for instance with Flyway: set the placeholder prefix.
-- Times are microseconds since 1970. A stream without a name was deleted and is being emptied.
-- Statements are divided by empty lines.

CREATE TABLE IF NOT EXISTS ${prefix}_schema (
  version    INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE ${prefix}_values (
  namespace  TEXT NOT NULL,
  key        TEXT NOT NULL,
  version    INTEGER NOT NULL,
  value      BLOB NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (namespace, key)
);

CREATE INDEX ${prefix}_values_expiry ON ${prefix}_values (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE ${prefix}_streams (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace   TEXT NOT NULL,
  stream      TEXT,
  epoch       TEXT NOT NULL,
  head        INTEGER NOT NULL,
  head_mark   INTEGER NOT NULL,
  floor       INTEGER NOT NULL,
  floor_mark  INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  UNIQUE (namespace, stream)
);

CREATE INDEX ${prefix}_streams_deleted ON ${prefix}_streams (id) WHERE stream IS NULL;

CREATE TABLE ${prefix}_entries (
  stream_id   INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  mark        INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  data        BLOB NOT NULL,
  PRIMARY KEY (stream_id, seq)
) WITHOUT ROWID;

CREATE TABLE ${prefix}_entry_keys (
  stream_id   INTEGER NOT NULL,
  key         TEXT NOT NULL,
  seq         INTEGER NOT NULL,
  mark        INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  PRIMARY KEY (stream_id, key)
) WITHOUT ROWID;

CREATE INDEX ${prefix}_entry_keys_age ON ${prefix}_entry_keys (appended_at);

CREATE TABLE ${prefix}_leases (
  namespace  TEXT NOT NULL,
  name       TEXT NOT NULL,
  token      INTEGER NOT NULL,
  owner      INTEGER NOT NULL,
  held_until INTEGER NOT NULL,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;

INSERT INTO ${prefix}_schema (version, name) VALUES (1, 'ports');
