//! The server of record's database: SQLite, plain functions, one writer.
//!
//! May not live here: HTTP, passwords in the clear, a clock (times are passed in).

mod accounts;
mod applications;
mod decide;
mod devices;
mod factors;
mod files;
mod history;
mod keys;
mod links;
mod outgoing;
mod pull;
mod queue;
mod records;
mod sessions;
#[cfg(feature = "testing")]
mod testing;

use std::{path::Path, time::Duration};

use behorig_domain::Timestamp;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

pub use accounts::{Account, Challenge};
pub use applications::{Handled, Known, Taken, UNCONFIRMED_FOR, WAITING_MAX, Waiting};
pub use decide::Decided;
pub use devices::DeviceLine;
pub use factors::Totp;
pub use files::{Found, Stage, Unused, Upload};
pub use history::HistoryLine;
pub use keys::{Holder, Keys, PersonKey};
pub use links::Link;
pub use outgoing::{Mailing, Outgoing};
pub use sessions::{Level, Pair, Session};

/// A fault of the store or of what it holds: never an answer to a command.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database cannot be brought to this version, for instance since a newer one wrote it.
    #[error("migration: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// A stored value is not what this version wrote.
    #[error("stored {0} cannot be read")]
    Malformed(&'static str),
    /// A rule asked for more records in more rounds than it may.
    #[error("a rule reads without end")]
    ReadsWithoutEnd,
    /// The user name is another person's.
    #[error("the user name is taken")]
    UserNameTaken,
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    Randomness,
}

/// A rule's reads are loaded in at most so many rounds.
const READ_ROUNDS: usize = 4;

/// One connection to the database. Keep one that writes; readers are separate and see whole commits.
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Opens or makes the database and brings it to this version. The one place that writes.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        #[expect(clippy::disallowed_methods, reason = "the one place")]
        let mut connection = Connection::open(path)?;
        // an answer leaves only after its commit is on the disk, so the commit must be
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )?;
        connection.busy_timeout(Duration::from_secs(10))?;
        Migrations::new(vec![
            M::up(include_str!("migrations/0001_first.sql")),
            M::up(include_str!("migrations/0002_accounts.sql")),
        ])
        .to_latest(&mut connection)?;
        let epoch = uuid::Uuid::now_v7().to_string();
        connection.execute(
            "INSERT INTO setting (name, value) VALUES ('epoch', ?1) ON CONFLICT DO NOTHING",
            [epoch],
        )?;
        Ok(Self { connection })
    }

    /// Opens an existing database for reading only.
    pub fn open_reader(path: &Path) -> Result<Self, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(Self { connection })
    }

    /// The server's epoch: another one means that a backup was restored.
    pub fn epoch(&self) -> Result<String, Fault> {
        let sql = "SELECT value FROM setting WHERE name = 'epoch'";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Copies the database as it stands at one moment into a new file, while it is in use.
    pub fn back_up(&self, to: &Path) -> Result<(), Fault> {
        back_up(&self.connection, to)
    }

    /// A backup begins a life of its own: a new epoch tells every replica that what it was told since may
    /// be lost here, and every session ends, since one that was ended since would be back.
    pub fn begin_anew(&mut self, now: Timestamp) -> Result<(), Fault> {
        let sound: String =
            self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(Fault::Malformed("backup"));
        }
        let epoch = uuid::Uuid::now_v7().to_string();
        self.write(|writing| {
            let put = "INSERT INTO setting (name, value) VALUES (?1, ?2)
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            writing.transaction.execute(put, ["epoch", &epoch])?;
            writing.transaction.execute(put, [RESTORED_AT, &now.millis().to_string()])?;
            writing.transaction.execute("DELETE FROM session", [])?;
            writing.transaction.execute("DELETE FROM challenge", [])?;
            writing.transaction.execute("DELETE FROM link", [])?;
            Ok(())
        })
    }

    /// Runs `work` in one transaction. It is durable when this returns `Ok`.
    pub fn write<T, E: From<Fault>>(
        &mut self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(Fault::from)?;
        let mut writing = Writing { transaction };
        let done = work(&mut writing)?;
        writing.transaction.commit().map_err(Fault::from)?;
        Ok(done)
    }
}

/// When the database was restored from a backup, if it ever was: milliseconds since 1970.
pub(crate) const RESTORED_AT: &str = "restored_at";

pub(crate) fn back_up(connection: &Connection, to: &Path) -> Result<(), Fault> {
    let to = to.to_str().ok_or(Fault::Malformed("path"))?;
    connection.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// A transaction that writes.
pub struct Writing<'a> {
    transaction: rusqlite::Transaction<'a>,
}
