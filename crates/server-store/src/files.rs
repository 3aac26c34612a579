//! Files that people send: whose each is, how much of it there is to be, and what its bytes were found to
//! be. The bytes themselves lie beside the database, sealed.

use behorig_domain::{
    FileId, FileRead, Kind, PersonId, Read, RecordId, RecordRef, Scope, Timestamp,
    documents::{Document, FileFault, Format},
    services::Service,
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Fault, Store, Writing, accounts, records, records::uuid};

/// A file that somebody has begun to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Who sends it.
    pub person: PersonId,
    /// What they call it.
    pub name: String,
    /// How many bytes it is to have.
    pub bytes: u64,
    /// Whether all of them are here and have been looked at.
    pub ended: bool,
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
) -> Result<FileRead, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes, sha256, format, fault FROM file
         WHERE id = ?1 AND person = ?2 AND ended_at IS NOT NULL",
    )?;
    let mut rows = statement.query(params![id.0.as_bytes(), person.0.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(FileRead::Missing) };
    let fault: Option<String> = row.get(3)?;
    if let Some(fault) = fault {
        return Ok(FileRead::Unusable(from_json(&fault)?));
    }
    let bytes: i64 = row.get(0)?;
    let format: String = row.get(2)?;
    Ok(FileRead::Is {
        bytes: bytes.unsigned_abs(),
        sha256: row.get(1)?,
        format: from_json(&format)?,
    })
}

fn upload(connection: &Connection, id: FileId) -> Result<Option<Upload>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT person, name, bytes, ended_at IS NOT NULL FROM file WHERE id = ?1",
    )?;
    let mut rows = statement.query([id.0.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (person, bytes): (Vec<u8>, i64) = (row.get(0)?, row.get(2)?);
    Ok(Some(Upload {
        person: PersonId(uuid(&person)?),
        name: row.get(1)?,
        bytes: bytes.unsigned_abs(),
        ended: row.get(3)?,
    }))
}

impl Store {
    /// The largest file that any service takes whose settings the person sees now, in bytes.
    pub fn document_max(&self, person: PersonId, now: Timestamp) -> Result<u64, Fault> {
        let mut max = 0;
        for membership in accounts::memberships(&self.connection, person, now)? {
            let Scope::Service(id) = membership.scope else { continue };
            let at = RecordRef { kind: Kind::Service, id };
            if membership.current
                && let Read::Found(record) = records::read(&self.connection, at)?
            {
                let service: Service = record.read().map_err(|_| Fault::Malformed("service"))?;
                max = max.max(service.document_max);
            }
        }
        Ok(max)
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
    /// Begins a file. `false` if its id is taken; then nothing is written.
    pub fn begin_upload(
        &mut self,
        id: FileId,
        upload: &Upload,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let bytes = i64::try_from(upload.bytes).map_err(|_| Fault::Malformed("size"))?;
        let begun = self.transaction.execute(
            "INSERT INTO file (id, person, name, bytes, begun_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            params![id.0.as_bytes(), upload.person.0.as_bytes(), upload.name, bytes, now.millis()],
        )?;
        Ok(begun == 1)
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

    /// The bytes that a person has sent and that are on their way, in all files that no document names.
    pub fn unused_bytes(&self, person: PersonId) -> Result<u64, Fault> {
        let sum: i64 = self
            .transaction
            .prepare_cached(
                "SELECT coalesce(sum(bytes), 0) FROM file f WHERE person = ?1 AND used = 0",
            )?
            .query_row([person.0.as_bytes()], |row| row.get(0))
            .optional()?
            .unwrap_or_default();
        Ok(sum.unsigned_abs())
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
