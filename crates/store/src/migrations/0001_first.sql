-- What the replica is: its person, device, session and how far it has come.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each scope has been pulled, and the digest of what this replica holds of it.
CREATE TABLE scope (
    name   TEXT    NOT NULL PRIMARY KEY,
    epoch  TEXT    NOT NULL,
    rev    INTEGER NOT NULL,
    digest BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- In which scopes a confirmed record is visible. With its last row the record goes.
CREATE TABLE membership (
    kind  TEXT    NOT NULL,
    id    BLOB    NOT NULL,
    scope TEXT    NOT NULL,
    rev   INTEGER NOT NULL,
    PRIMARY KEY (kind, id, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_scope ON membership (scope);

-- Records, one table a kind, with the columns that lists sort or filter by. `forecast` 1 is the overlay:
-- what pending commands are expected to make; it wins over what the server has confirmed (0).
CREATE TABLE "case" (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    number   TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    case_id  BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_case ON message (case_id, at);

-- Kinds that no list sorts by, and kinds that a newer server knows: kept whole, read again after an upgrade.
CREATE TABLE other (
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (kind, id, forecast)
) STRICT, WITHOUT ROWID;

-- Every command written here, in the order of writing, with what was expected and what came of it.
CREATE TABLE outbox (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         BLOB    NOT NULL UNIQUE,
    seq        INTEGER NOT NULL UNIQUE,
    after      TEXT    NOT NULL,
    lane       TEXT    NOT NULL,
    body       BLOB    NOT NULL,
    forecast   TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'received', 'refused', 'stuck')),
    failures   INTEGER NOT NULL DEFAULT 0,
    in_flight  INTEGER NOT NULL DEFAULT 0,
    refused    TEXT,
    fault      TEXT,
    written_at INTEGER NOT NULL,
    sent_at    INTEGER,
    decided_at INTEGER
) STRICT;
CREATE INDEX outbox_pending ON outbox (state, position);

-- Text that is being written. Sent nowhere.
CREATE TABLE draft (
    place    TEXT    NOT NULL PRIMARY KEY,
    text     TEXT    NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
