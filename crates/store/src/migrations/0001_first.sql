-- What the replica is: its person, device, session and how far it has come.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each scope has been pulled, and the digest of what this replica holds of it. `mended` 0: it agrees
-- with the server's; 1: it did not, and the scope is pulled afresh; 2: it still did not after that.
CREATE TABLE scope (
    no     INTEGER PRIMARY KEY,
    name   TEXT    NOT NULL UNIQUE,
    epoch  TEXT    NOT NULL,
    rev    INTEGER NOT NULL,
    digest BLOB    NOT NULL,
    mended INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Scopes that are pulled afresh, how far that has come, and what it has brought. It takes the place of what
-- is held of them when all of it is there.
CREATE TABLE fresh_scope (
    name  TEXT    NOT NULL PRIMARY KEY,
    epoch TEXT    NOT NULL,
    rev   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE fresh_record (
    scope   TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    id      BLOB    NOT NULL,
    rev     INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (scope, kind, id)
) STRICT, WITHOUT ROWID;

-- In which scopes, by their numbers, a confirmed record is visible. With its last row the record goes. One
-- row a record is what most of a first pull writes: so it is short, and what comes together lies together.
CREATE TABLE membership (
    scope INTEGER NOT NULL REFERENCES scope (no) ON DELETE CASCADE,
    kind  TEXT    NOT NULL,
    id    BLOB    NOT NULL,
    rev   INTEGER NOT NULL,
    PRIMARY KEY (scope, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_record ON membership (id, kind);

-- Records, one table a kind, with the columns that lists sort or filter by. `forecast` 1 is the overlay:
-- what pending commands are expected to make; it wins over what the server has confirmed (0). The many long
-- ones of a first pull lie in the order in which they come, the others by their ids.
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
    thread   BLOB    NOT NULL,
    author   BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    -- 1: the other party's, confirmed, and past the confirmed read mark of its thread
    unread   INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    UNIQUE (id, forecast)
) STRICT;
CREATE INDEX message_case ON message (case_id, at);
-- what the list of cases counts, so that it need not look at all that is read
CREATE INDEX message_unread ON message (case_id, thread, at) WHERE unread = 1;
CREATE INDEX message_forecast ON message (case_id) WHERE forecast = 1;

CREATE TABLE read_mark (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    case_id  BLOB    NOT NULL,
    thread   BLOB    NOT NULL,
    up_to    INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_mark_thread ON read_mark (thread, up_to);
CREATE INDEX read_mark_forecast ON read_mark (id) WHERE forecast = 1;

CREATE TABLE document_row (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    case_id  BLOB    NOT NULL,
    place    INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_row_case ON document_row (case_id, place);
CREATE INDEX document_row_forecast ON document_row (id) WHERE forecast = 1;

CREATE TABLE document (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    case_id  BLOB    NOT NULL,
    row_id   BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    -- whose other cases have it too; empty if it is this case's alone
    holder   BLOB,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_case ON document (case_id, at);
CREATE INDEX document_row_of ON document (case_id, row_id, forecast);
CREATE INDEX document_common ON document (holder) WHERE holder IS NOT NULL;
CREATE INDEX document_forecast ON document (id) WHERE forecast = 1;
CREATE INDEX document_handled ON document (json_extract(body, '$.handling.at')) WHERE forecast = 0;

CREATE TABLE certificate (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    case_id  BLOB    NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_case ON certificate (case_id);

CREATE TABLE event (
    id       BLOB    NOT NULL,
    forecast INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    case_id  BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (id, forecast)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_case ON event (case_id, at);
-- what the overview has to tell
CREATE INDEX event_at ON event (at) WHERE forecast = 0;

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
    -- 0: the program wrote it on the person's behalf, and its way is not shown
    typed      INTEGER NOT NULL,
    needs_file INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    sent_at    INTEGER,
    decided_at INTEGER,
    -- what the case was called, once the person may no longer see it
    title      TEXT,
    number     TEXT
) STRICT;
CREATE INDEX outbox_pending ON outbox (state, position);
CREATE INDEX outbox_lane ON outbox (lane, position);

-- What the command of an outbox row makes or replaces: who reads it depends on the command.
CREATE TABLE outbox_write (
    kind    TEXT NOT NULL,
    id      BLOB NOT NULL,
    command BLOB NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, id, command)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_write_command ON outbox_write (command);
CREATE INDEX outbox_decided ON outbox (decided_at) WHERE decided_at IS NOT NULL;

-- Text that is being written. Sent nowhere.
CREATE TABLE draft (
    place        TEXT    NOT NULL PRIMARY KEY,
    message_type TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    saved_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What such a text once was.
CREATE TABLE draft_version (
    no        INTEGER PRIMARY KEY AUTOINCREMENT,
    place     TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    saved_at  INTEGER NOT NULL,
    kept_at   INTEGER NOT NULL,
    discarded INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_version_place ON draft_version (place, no);

-- What was being written or picked in a case when the person lost sight of it, with what the case was called.
-- Sent nowhere. `removed_at`: the person has thrown it away, and may still think better of it.
CREATE TABLE left_work (
    place        TEXT    NOT NULL PRIMARY KEY,
    case_id      BLOB,
    number       TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    message_type TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    file         BLOB,
    left_at      INTEGER NOT NULL,
    removed_at   INTEGER
) STRICT, WITHOUT ROWID;

-- Files on this computer. Their bytes lie in `files` beside this database, each sealed under its own key.
-- `picked`: for a row, not sent. `sending`: a command in the outbox names it. `kept`: its bytes are at the
-- server; here they spare a fetch. `left`: picked in a case that is no longer here. `at_server` is how many bytes the server is known to have.
CREATE TABLE file (
    id        BLOB    NOT NULL PRIMARY KEY,
    key       BLOB    NOT NULL,
    name      TEXT    NOT NULL,
    bytes     INTEGER NOT NULL,
    sha256    TEXT    NOT NULL,
    format    TEXT    NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('picked', 'sending', 'kept', 'left')),
    case_id   BLOB    NOT NULL,
    row_id    BLOB    NOT NULL,
    note      TEXT    NOT NULL,
    added_at  INTEGER NOT NULL,
    at_server INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX file_case ON file (case_id, added_at);
