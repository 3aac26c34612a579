-- An account without a password is invited: nobody gets in before its owner has chosen one.
CREATE TABLE account_new (
    user_name     TEXT NOT NULL PRIMARY KEY,
    person        BLOB NOT NULL UNIQUE,
    password_hash TEXT,
    -- confirmed by the issuer, E.164; codes go here and nowhere else
    phone         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO account_new (user_name, person, password_hash, phone)
    SELECT user_name, person, password_hash, phone FROM account;
DROP TABLE account;
ALTER TABLE account_new RENAME TO account;

-- The newest link that a person was mailed to choose a password by. Only hashes are kept. A person has one:
-- a new one is put in the place of the former.
CREATE TABLE link (
    person       BLOB    NOT NULL PRIMARY KEY,
    link_hash    BLOB    NOT NULL UNIQUE,
    expires_at   INTEGER NOT NULL,
    -- empty until a code has been sent
    code_hash    BLOB,
    code_ends_at INTEGER,
    tries        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What the device calls its system; empty if it did not say.
ALTER TABLE challenge ADD COLUMN system TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN system TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
-- 1: the session has ended, and its device is to erase its replica when it next comes with its tokens.
ALTER TABLE session ADD COLUMN erase INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_person ON session (person);

-- The secret of a person's code app, sealed under their key. `confirmed` 0: they have not shown that it works,
-- and it opens nothing. `last_step`: no code of this time step or an earlier one is accepted again.
CREATE TABLE totp (
    person    BLOB    NOT NULL PRIMARY KEY,
    sealed    BLOB    NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    last_step INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What opens an account in the second factor's place, each once. Only hashes are kept.
CREATE TABLE recovery_code (
    person    BLOB    NOT NULL,
    code_hash BLOB    NOT NULL,
    used_at   INTEGER,
    PRIMARY KEY (person, code_hash)
) STRICT, WITHOUT ROWID;
