//! The keys that files and secrets are sealed under, one a person or application, in a database of their own that is never in the same
//! backup: without its key, what a backup holds of a person's files is noise.

use std::path::Path;

use behorig_domain::PersonId;
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::Fault;

/// The keys' database.
pub struct Keys {
    connection: Connection,
}

/// A person's key.
pub type PersonKey = Zeroizing<[u8; 32]>;

impl Keys {
    /// Opens or makes the database.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        #[expect(clippy::disallowed_methods, reason = "the one place that opens the keys")]
        let connection = Connection::open(path)?;
        // two databases have no common commit, so a key is on the disk before anything is sealed under it
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS key (
                 person BLOB NOT NULL PRIMARY KEY,
                 key    BLOB NOT NULL
             ) STRICT, WITHOUT ROWID;",
        )?;
        Ok(Self { connection })
    }

    /// Copies the keys as they stand at one moment into a new file, while they are in use.
    pub fn back_up(&self, to: &Path) -> Result<(), Fault> {
        crate::back_up(&self.connection, to)
    }

    /// A person's key; `None` if nothing was ever sealed for them, or it has been erased.
    pub fn of(&self, person: PersonId) -> Result<Option<PersonKey>, Fault> {
        let key: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT key FROM key WHERE person = ?1")?
            .query_row([person.0.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(key) = key.map(Zeroizing::new) else { return Ok(None) };
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| Fault::Malformed("key"))?;
        Ok(Some(Zeroizing::new(key)))
    }

    /// A person's key, made now if they have none. It is durable when this returns.
    pub fn of_or_new(&self, person: PersonId) -> Result<PersonKey, Fault> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut key[..]).map_err(|_| Fault::Randomness)?;
        self.connection
            .prepare_cached("INSERT INTO key (person, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![person.0.as_bytes(), &key[..]])?;
        self.of(person)?.ok_or(Fault::Malformed("key"))
    }

    /// Erases a key: what was sealed under it is noise from now on.
    pub fn erase(&self, person: PersonId) -> Result<(), Fault> {
        self.connection
            .prepare_cached("DELETE FROM key WHERE person = ?1")?
            .execute([person.0.as_bytes()])?;
        Ok(())
    }
}
