//! Files that people send: whose each is, how much of it there is to be, and what its bytes were found to
//! be. The bytes themselves lie beside the database, sealed.

use behorig_domain::{
    FileId, FileRead, Kind, PersonId, Read, RecordId, RecordRef, Scope, Timestamp,
    documents::{Document, FileFault, Format},
    services::Service,
};
use rusqlite::{Connection, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Fault, Store, Writing, accounts, records, records::uuid};

/// Milliseconds that a file stays which no document names, after it was begun and again after its last
/// byte: a command that names it may be on its way for so long. A later one finds the file gone, and its
/// sender sends it anew.
const UNUSED_KEPT: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A file that somebody has begun to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Who sends it.
    pub person: PersonId,
    /// What they call it.
    pub name: String,
    /// How many bytes it is to have.
    pub bytes: u64,
    /// How far it is.
    pub stage: Stage,
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Bytes are wanted.
    Coming,
    /// It was refused at its beginning, and no byte of it is here.
    TooLarge,
    /// All of its bytes came and were looked at.
    Ended,
}

/// What a person has here that no document names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused {
    /// Files, also those that were found to be no document.
    pub files: u64,
    /// Bytes that are here or on their way.
    pub bytes: u64,
}

/// What a file's bytes were found to be, once all of them are here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A document.
    Usable {
        /// SHA-256, lower-case hexadecimal.
        sha256: String,
        /// By content.
        format: Format,
    },
    /// None.
    Unusable(FileFault),
}

/// What a rule may know of a person's file. Another person's file counts as missing: knowing its id grants
/// nothing.
pub(crate) fn read(
    connection: &Connection,
    person: PersonId,
    id: FileId,
    now: Timestamp,
) -> Result<FileRead, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes, sha256, format, fault FROM file
         WHERE id = ?1 AND person = ?2 AND ended_at IS NOT NULL",
    )?;
    let mut rows = statement.query(params![id.0.as_bytes(), person.0.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(FileRead::Missing) };
    let fault: Option<String> = row.get(3)?;
    if let Some(fault) = fault {
        return match from_json(&fault)? {
            // it would be taken by now: its sender is to begin it again
            FileFault::TooLarge { bytes, .. }
                if bytes <= document_max(connection, person, now)? =>
            {
                Ok(FileRead::Missing)
            }
            fault => Ok(FileRead::Unusable(fault)),
        };
    }
    let bytes: i64 = row.get(0)?;
    let format: String = row.get(2)?;
    Ok(FileRead::Is {
        bytes: bytes.unsigned_abs(),
        sha256: row.get(1)?,
        format: from_json(&format)?,
    })
}

pub(crate) fn upload(connection: &Connection, id: FileId) -> Result<Option<Upload>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT person, name, bytes, ended_at IS NOT NULL, fault FROM file WHERE id = ?1",
    )?;
    let mut rows = statement.query([id.0.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (person, bytes): (Vec<u8>, i64) = (row.get(0)?, row.get(2)?);
    let (ended, fault): (bool, Option<String>) = (row.get(3)?, row.get(4)?);
    let stage = match fault.as_deref().map(from_json).transpose()? {
        Some(FileFault::TooLarge { .. }) => Stage::TooLarge,
        _ if ended => Stage::Ended,
        _ => Stage::Coming,
    };
    let (person, bytes) = (PersonId(uuid(&person)?), bytes.unsigned_abs());
    Ok(Some(Upload { person, name: row.get(1)?, bytes, stage }))
}

fn document_max(connection: &Connection, person: PersonId, now: Timestamp) -> Result<u64, Fault> {
    let mut max = 0;
    for membership in accounts::memberships(connection, person, now)? {
        let Scope::Service(id) = membership.scope else { continue };
        let at = Service::at(id);
        if membership.current
            && let Read::Found(record) = records::read(connection, at)?
        {
            let service: Service = record.read().map_err(|_| Fault::Malformed("service"))?;
            max = max.max(service.document_max);
        }
    }
    Ok(max)
}

impl Store {
    /// The largest file that any service takes whose settings the person sees now, in bytes.
    pub fn document_max(&self, person: PersonId, now: Timestamp) -> Result<u64, Fault> {
        document_max(&self.connection, person, now)
    }

    /// A file that somebody has begun to send.
    pub fn upload(&self, id: FileId) -> Result<Option<Upload>, Fault> {
        upload(&self.connection, id)
    }

    /// The document of this id and who sent its file, if the person may see it now.
    pub fn document(
        &self,
        person: PersonId,
        id: RecordId,
        now: Timestamp,
    ) -> Result<Option<Document>, Fault> {
        let at = RecordRef { kind: Kind::Document, id };
        let scopes: Vec<_> = accounts::memberships(&self.connection, person, now)?
            .into_iter()
            .filter(|membership| membership.current)
            .map(|membership| membership.scope)
            .collect();
        if !records::is_seen(&self.connection, at, &scopes)? {
            return Ok(None);
        }
        match records::read(&self.connection, at)? {
            Read::Found(record) => {
                record.read().map(Some).map_err(|_| Fault::Malformed("document"))
            }
            _ => Ok(None),
        }
    }
}

impl Writing<'_> {
    /// A file that somebody has begun to send.
    pub fn upload(&self, id: FileId) -> Result<Option<Upload>, Fault> {
        upload(&self.transaction, id)
    }

    /// Begins a file whose id is free.
    pub fn begin_upload(
        &mut self,
        id: FileId,
        upload: &Upload,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let bytes = i64::try_from(upload.bytes).map_err(|_| Fault::Malformed("size"))?;
        self.transaction.execute(
            "INSERT INTO file (id, person, name, bytes, begun_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id.0.as_bytes(), upload.person.0.as_bytes(), upload.name, bytes, now.millis()],
        )?;
        Ok(())
    }

    /// Begins a file anew that was refused at its beginning.
    pub fn begin_upload_again(&mut self, id: FileId, now: Timestamp) -> Result<(), Fault> {
        self.transaction.execute(
            "UPDATE file SET begun_at = ?2, ended_at = NULL, fault = NULL WHERE id = ?1",
            params![id.0.as_bytes(), now.millis()],
        )?;
        Ok(())
    }

    /// Notes what a file's bytes are. The first finding stays.
    pub fn end_upload(&mut self, id: FileId, found: &Found, now: Timestamp) -> Result<(), Fault> {
        let (sha256, format, fault) = match found {
            Found::Usable { sha256, format } => (Some(sha256), Some(json(format)?), None),
            Found::Unusable(fault) => (None, None, Some(json(fault)?)),
        };
        self.transaction.execute(
            "UPDATE file SET sha256 = ?2, format = ?3, fault = ?4, ended_at = ?5
             WHERE id = ?1 AND ended_at IS NULL",
            params![id.0.as_bytes(), sha256, format, fault, now.millis()],
        )?;
        Ok(())
    }

    /// What a person has here that no document names. What is due to be forgotten counts no more.
    pub fn unused(&self, person: PersonId, now: Timestamp) -> Result<Unused, Fault> {
        // of a file with a fault no byte is here
        let mut statement = self.transaction.prepare_cached(
            "SELECT count(*), coalesce(sum(bytes) FILTER (WHERE fault IS NULL), 0) FROM file
             WHERE person = ?1 AND used = 0 AND coalesce(ended_at, begun_at) > ?2",
        )?;
        let since = now.millis().saturating_sub(UNUSED_KEPT);
        Ok(statement.query_row(params![person.0.as_bytes(), since], |row| {
            let (files, bytes): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok(Unused { files: files.unsigned_abs(), bytes: bytes.unsigned_abs() })
        })?)
    }

    /// Forgets the files that no document has named for too long.
    pub fn forget_unused(&mut self, now: Timestamp) -> Result<(), Fault> {
        self.transaction.execute(
            "DELETE FROM file WHERE used = 0 AND coalesce(ended_at, begun_at) <= ?1",
            [now.millis().saturating_sub(UNUSED_KEPT)],
        )?;
        Ok(())
    }
}

/// A document names the file from now on.
pub(crate) fn used(connection: &Connection, id: FileId) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE file SET used = 1 WHERE id = ?1")?
        .execute([id.0.as_bytes()])?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::Malformed("file"))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Malformed("file"))
}
