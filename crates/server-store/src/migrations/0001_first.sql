-- What the server is, such as its epoch.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every record as it stands, its body byte for byte.
CREATE TABLE record (
    kind    TEXT    NOT NULL,
    id      BLOB    NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- One row for each scope and record: at which revision of the scope it was last written or taken away.
CREATE TABLE visibility (
    scope TEXT    NOT NULL,
    rev   INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    id    BLOB    NOT NULL,
    gone  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, rev)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX visibility_record ON visibility (kind, id, scope);

-- The newest revision of a scope, and the digest of what is visible in it.
CREATE TABLE scope (
    name   TEXT    NOT NULL PRIMARY KEY,
    head   INTEGER NOT NULL,
    digest BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Append only, chained by hash within a scope. Names and hashes, never content.
CREATE TABLE history (
    scope         TEXT    NOT NULL,
    seq           INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    event         TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    id            BLOB    NOT NULL,
    person        BLOB    NOT NULL,
    command       BLOB    NOT NULL,
    commitment    BLOB    NOT NULL,
    previous_hash BLOB    NOT NULL,
    hash          BLOB    NOT NULL,
    PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;

-- Every decided command with its answer. A repeat is known by person and id alone.
CREATE TABLE command (
    person    BLOB    NOT NULL,
    id        BLOB    NOT NULL,
    device    BLOB,
    seq       INTEGER,
    body_hash BLOB    NOT NULL,
    body      BLOB    NOT NULL,
    salt      BLOB    NOT NULL,
    at        INTEGER NOT NULL,
    answer_no INTEGER NOT NULL,
    refused   TEXT,
    PRIMARY KEY (person, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX command_answer ON command (person, answer_no);
CREATE UNIQUE INDEX command_device ON command (device, seq) WHERE device IS NOT NULL;

-- Who may see a scope, as what, by what (such as a case), from when to when (milliseconds).
CREATE TABLE permission (
    person BLOB    NOT NULL,
    scope  TEXT    NOT NULL,
    role   TEXT    NOT NULL,
    basis  BLOB    NOT NULL,
    from_  INTEGER NOT NULL,
    to_    INTEGER,
    PRIMARY KEY (person, scope, role, basis)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    user_name     TEXT NOT NULL PRIMARY KEY,
    person        BLOB NOT NULL,
    password_hash TEXT NOT NULL,
    -- confirmed by the issuer, E.164; codes go here and nowhere else
    phone         TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A sign-in that waits for its code. Only hashes are kept.
CREATE TABLE challenge (
    challenge_hash BLOB    NOT NULL PRIMARY KEY,
    person         BLOB    NOT NULL,
    device         BLOB    NOT NULL,
    phone          TEXT    NOT NULL,
    code_hash      BLOB    NOT NULL,
    code_ends_at   INTEGER NOT NULL,
    tries          INTEGER NOT NULL DEFAULT 0,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A sign-in and every pair of tokens that it was exchanged for. Only hashes are kept.
CREATE TABLE session (
    -- stands in every refresh token of the session, so that an old one is known for what it is
    id                      TEXT    NOT NULL PRIMARY KEY,
    person                  BLOB    NOT NULL,
    device                  BLOB    NOT NULL,
    level                   TEXT    NOT NULL CHECK (level IN ('L2')),
    ends_at                 INTEGER NOT NULL,
    access_hash             BLOB    NOT NULL UNIQUE,
    access_ends_at          INTEGER NOT NULL,
    refresh_hash            BLOB    NOT NULL,
    -- whether anybody has used a token of the newest pair: then it arrived
    used                    INTEGER NOT NULL DEFAULT 0,
    -- the pair before; empty before the first refresh
    previous_access_hash    BLOB    UNIQUE,
    previous_access_ends_at INTEGER,
    previous_refresh_hash   BLOB
) STRICT, WITHOUT ROWID;

-- Given to a device by both factors only: opens a replica whose PIN is forgotten, together with a secret
-- that never leaves that computer.
CREATE TABLE recovery_share (
    person BLOB NOT NULL,
    device BLOB NOT NULL,
    share  BLOB NOT NULL,
    PRIMARY KEY (person, device)
) STRICT, WITHOUT ROWID;

-- Files that people send; the bytes lie beside the database, sealed. Once `ended_at` is set all bytes are
-- there and have been looked at: then either `sha256` and `format` say what they are, or `fault` why they
-- can be no document. `used` 1: a document names it.
CREATE TABLE file (
    id       BLOB    NOT NULL PRIMARY KEY,
    person   BLOB    NOT NULL,
    name     TEXT    NOT NULL,
    bytes    INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,
    sha256   TEXT,
    format   TEXT,
    fault    TEXT,
    used     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX file_unused ON file (person) WHERE used = 0;

-- How a person is reached outside the program.
CREATE TABLE contact (
    person BLOB NOT NULL PRIMARY KEY,
    email  TEXT
) STRICT, WITHOUT ROWID;

-- Who is to be told of what, by mail. A row says that there is something new, never what. `contact` is the
-- record whose address counts before the one above: what the body holds on them.
CREATE TABLE outgoing (
    no      INTEGER PRIMARY KEY AUTOINCREMENT,
    person  BLOB    NOT NULL,
    kind    TEXT    NOT NULL,
    id      BLOB    NOT NULL,
    contact BLOB,
    at      INTEGER NOT NULL,
    tries   INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
CREATE INDEX outgoing_due ON outgoing (next_at) WHERE done_at IS NULL;

-- The cases of every body, for its officers' queue: kept in step with the records. The words that a search
-- looks for lie beside it.
CREATE TABLE queue (
    no           INTEGER PRIMARY KEY,
    case_id      BLOB    NOT NULL UNIQUE,
    issuer       BLOB    NOT NULL,
    number       TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    -- empty if their identity is protected: then no search finds them by it
    holder       TEXT    NOT NULL,
    person       BLOB    NOT NULL,
    scheme       TEXT    NOT NULL,
    officer      BLOB,
    officer_name TEXT,
    stage        TEXT    NOT NULL,
    opened_at    INTEGER NOT NULL,
    -- whether the applicant has said that all is in
    ready        INTEGER NOT NULL
) STRICT;
CREATE INDEX queue_opened ON queue (issuer, opened_at, no);
CREATE INDEX queue_person ON queue (person);
CREATE INDEX queue_officer ON queue (issuer, officer, opened_at, no);
CREATE VIRTUAL TABLE queue_text USING fts5(
    number, holder, title, content = '', contentless_delete = 1, prefix = '2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);

-- Who has looked for cases that need not be theirs: when, why, and for what.
CREATE TABLE lookup (
    no      INTEGER PRIMARY KEY,
    person  BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    purpose TEXT    NOT NULL,
    asked   TEXT    NOT NULL
) STRICT;
CREATE INDEX lookup_person ON lookup (person, no);

-- Applications by people without an account. What was filled in lies sealed under a key of its own; no more
-- of it than a mail still needs once an officer has handled it, and nothing after that. `outcome`: what they
-- made of it.
CREATE TABLE application (
    id              BLOB    NOT NULL PRIMARY KEY,
    issuer          BLOB    NOT NULL,
    sealed          BLOB    NOT NULL,
    received_at     INTEGER NOT NULL,
    link_hash       BLOB    UNIQUE,
    confirmed_at    INTEGER,
    handled_at      INTEGER,
    handled_by      BLOB,
    handled_by_name TEXT    NOT NULL DEFAULT '',
    outcome         TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX application_waiting ON application (issuer, confirmed_at) WHERE handled_at IS NULL;
