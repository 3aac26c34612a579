//! The client's encrypted replica: what the person may see, what they wrote, and what has not gone yet.
//!
//! One file for each server and person. Every local write is one transaction. May not live here: the
//! network, a clock (times are passed in), and rules (they are in `domain`).

mod applications;
mod apply;
mod archive;
mod cases;
mod contact;
mod decided;
mod documents;
mod drafts;
mod files;
mod fresh;
pub mod key;
mod left;
mod messages;
mod notes;
mod outbox;
mod overview;
mod records;
mod salvage;
mod search;
mod settings;
mod templates;
#[cfg(feature = "testing")]
mod testing;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};
use rusqlite_migration::{M, Migrations};

pub use applications::{APPLICATION_PLACE, ApplicationChoice};
pub use apply::Applied;
pub use archive::{ArchiveColumn, ArchiveOrder, ArchivePage, ArchivedDocument};
pub use cases::{CaseRow, DecisionChoice, ExamDraft};
pub use contact::{CaseContact, Proposing, contact_place, contact_refusal_place, typed_details};
pub use documents::{CaseDocuments, StoredDocument};
pub use drafts::{
    Draft, DraftVersion, KeptText, absence_place, completion_place, decision_place, draft_place,
    exam_place, feedback_place, refusal_place,
};
pub use files::{Picked, Sealed, ToSend};
pub use key::{KeyFault, ReplicaKey, Secret, Wrapping};
pub use left::{Left, LeftKind};
pub use messages::MessageRow;
pub use notes::{NoteRow, note_change_place, note_place};
pub use outbox::{Forecast, OutboxRow, OutboxState, Queued};
pub use overview::{News, NewsOf, Overview, Unsent};
pub use salvage::Salvaged;
pub use search::{DraftAt, Found, FoundAt, FoundGroup, FoundKind, folded, folded_letter, words_of};
pub use settings::{HeldSession, Identity};
pub use templates::{TemplateRow, new_template_place, template_change_place};

/// A fault of the replica: never an answer to a command.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The file is no replica of this key: another key, or damaged.
    #[error("the replica cannot be read")]
    Unreadable,
    /// A newer version of the program wrote it.
    #[error("a newer version wrote the replica")]
    Newer,
    /// It could not be brought to this version.
    #[error("migration: {0}")]
    Migration(rusqlite_migration::Error),
    /// A stored value is not what this version wrote.
    #[error("stored {0} cannot be read")]
    Malformed(&'static str),
    /// The command is on its way or decided.
    #[error("the command can no longer be taken back")]
    TooLate,
    /// A file or folder beside the database cannot be written.
    #[error("files beside the replica: {0}")]
    Files(std::io::Error),
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    Randomness,
}

impl Fault {
    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Database(error) => code_of(error) == Some(ErrorCode::DiskFull),
            Self::Files(error) => error.kind() == std::io::ErrorKind::StorageFull,
            _ => false,
        }
    }

    /// Whether another program, such as one that makes backups, holds the file.
    pub fn is_busy(&self) -> bool {
        let Self::Database(error) = self else { return false };
        matches!(code_of(error), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Whether the file itself is at fault: it is no database of this key, or what is in it is broken.
    pub fn is_damaged(&self) -> bool {
        match self {
            Self::Unreadable => true,
            Self::Database(error)
            | Self::Migration(rusqlite_migration::Error::RusqliteError { err: error, .. }) => {
                matches!(code_of(error), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
            }
            _ => false,
        }
    }
}

fn code_of(error: &rusqlite::Error) -> Option<ErrorCode> {
    match error {
        rusqlite::Error::SqliteFailure(error, _) => Some(error.code),
        _ => None,
    }
}

/// An open replica.
pub struct Store {
    connection: Connection,
    /// The folder of the sealed files, beside the database.
    files: PathBuf,
    /// The digests have been counted anew since it was opened.
    counted: bool,
    /// All scopes have been compared with the server's since the last page that was not the last one.
    compared: bool,
}

impl Store {
    /// Opens or makes the replica at `path` and brings it to this version.
    pub fn open(path: &Path, key: &ReplicaKey) -> Result<Self, Fault> {
        let connection = connect(path, key)?;
        let files = path.with_extension("files");
        let mut store = Self { connection, files, counted: false, compared: false };
        make_private(&store.files)?;
        store.sweep_files()?;
        Ok(store)
    }

    /// Runs `work` in one transaction: all of it is durable when this returns `Ok`, or none of it is.
    fn transact<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// Opens or makes the database at `path` and brings it to this version.
fn connect(path: &Path, key: &ReplicaKey) -> Result<Connection, Fault> {
    #[expect(clippy::disallowed_methods, reason = "the one place")]
    let mut connection = Connection::open(path)?;
    // a wrong key would otherwise be told on standard error
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.pragma_update(None, "key", key.pragma().as_str())?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))
        .map_err(|error| match code_of(&error) {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Fault::Unreadable,
            _ => Fault::Database(error),
        })?;
    // what the person typed must survive a power cut the moment that we say it is saved
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
    )?;
    // a page of a first pull touches more than the usual 2 MiB and 4 MiB; each page of the file that does not
    // stay in memory, or is brought home from the log too early, is sealed once more
    connection.execute_batch("PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;")?;
    archive::add_collation(&connection)?;
    let first =
        concat!(include_str!("migrations/0001_first.sql"), include_str!("search/index.sql"));
    let migrations = Migrations::new(vec![M::up(first)]);
    migrations.to_latest(&mut connection).map_err(|error| match error {
        rusqlite_migration::Error::MigrationDefinition(
            rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead,
        ) => Fault::Newer,
        error => Fault::Migration(error),
    })?;
    Ok(connection)
}

/// Only the person's own account may look into the folder.
fn make_private(folder: &Path) -> Result<(), Fault> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(Fault::Files)
}

fn uuid(bytes: &[u8]) -> Result<uuid::Uuid, Fault> {
    uuid::Uuid::from_slice(bytes).map_err(|_| Fault::Malformed("id"))
}

#[cfg(test)]
mod repair_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::tests::new_key;

    #[test]
    fn a_replica_of_a_newer_version_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("replica.db");
        let key = new_key(folder.path());
        let store = Store::open(&file, &key).unwrap();
        store.connection.pragma_update(None, "user_version", 1_000).unwrap();
        drop(store);
        let before = std::fs::read(&file).unwrap();
        assert!(matches!(Store::open(&file, &key), Err(Fault::Newer)));
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}
