//! The keys that files and secrets are sealed under, one a person or application, in a database of their own
//! that is never in the same backup: without its key, what a backup holds of a person's files is noise.

use std::path::Path;

use behorig_domain::{PersonId, RecordId};
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::Fault;

/// The keys' database.
pub struct Keys {
    connection: Connection,
}

/// Whose a key is. Each kind has a table of its own: whoever applies names their form themselves, and no name
/// that they choose may reach a person's key.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// A person, for their files and their code app.
    Person(PersonId),
    /// An application by somebody without an account.
    Application(RecordId),
}

impl Holder {
    /// The table, its column of ids, and the id.
    fn place(&self) -> (&'static str, &'static str, &[u8]) {
        match self {
            Self::Person(id) => ("key", "person", id.0.as_bytes()),
            Self::Application(id) => ("application_key", "application", id.0.as_bytes()),
        }
    }
}

/// A person's key, or an application's.
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
             ) STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS application_key (
                 application BLOB NOT NULL PRIMARY KEY,
                 key         BLOB NOT NULL
             ) STRICT, WITHOUT ROWID;",
        )?;
        Ok(Self { connection })
    }

    /// Copies the keys as they stand at one moment into a new file, while they are in use.
    pub fn back_up(&self, to: &Path) -> Result<(), Fault> {
        crate::back_up(&self.connection, to)
    }

    /// A holder's key; `None` if nothing was ever sealed for them, or it has been erased.
    pub fn of(&self, holder: Holder) -> Result<Option<PersonKey>, Fault> {
        let (table, column, id) = holder.place();
        let key: Option<Vec<u8>> = self
            .connection
            .prepare_cached(&format!("SELECT key FROM {table} WHERE {column} = ?1"))?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(key) = key.map(Zeroizing::new) else { return Ok(None) };
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| Fault::Malformed("key"))?;
        Ok(Some(Zeroizing::new(key)))
    }

    /// A holder's key, made now if they have none. It is durable when this returns.
    pub fn of_or_new(&self, holder: Holder) -> Result<PersonKey, Fault> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut key[..]).map_err(|_| Fault::Randomness)?;
        let (table, column, id) = holder.place();
        let sql =
            format!("INSERT INTO {table} ({column}, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        self.connection.prepare_cached(&sql)?.execute(params![id, &key[..]])?;
        self.of(holder)?.ok_or(Fault::Malformed("key"))
    }

    /// Erases a key: what was sealed under it is noise from now on.
    pub fn erase(&self, holder: Holder) -> Result<(), Fault> {
        let (table, column, id) = holder.place();
        let sql = format!("DELETE FROM {table} WHERE {column} = ?1");
        self.connection.prepare_cached(&sql)?.execute([id])?;
        Ok(())
    }
}
