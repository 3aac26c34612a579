//! Records, who sees them, and each scope's revisions and digest.

use behorig_domain::{Kind, Read, Record, RecordId, RecordRef, Scope, audience};
use behorig_protocol::Digest;
use rusqlite::{Connection, OptionalExtension, params};

use crate::Fault;

/// Reads an id as it is stored.
pub(crate) fn uuid(bytes: &[u8]) -> Result<uuid::Uuid, Fault> {
    uuid::Uuid::from_slice(bytes).map_err(|_| Fault::Malformed("id"))
}

/// What is known of a record.
pub(crate) fn read(connection: &Connection, at: RecordRef) -> Result<Read, Fault> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM record WHERE kind = ?1 AND id = ?2")?
        .query_row(params![at.kind.name(), at.id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(body) = body else { return Ok(Read::Absent) };
    let body = serde_json::from_str(&body).map_err(|_| Fault::Malformed("record"))?;
    Ok(Read::Found(Record { at, body }))
}

/// Writes a new record and makes it visible. Its id must be free: the caller has looked.
pub(crate) fn create(
    connection: &Connection,
    record: &Record,
    touched: &mut Vec<Scope>,
) -> Result<(), Fault> {
    let RecordRef { kind, id } = record.at;
    connection
        .prepare_cached("INSERT INTO record (kind, id, version, body) VALUES (?1, ?2, 1, ?3)")?
        .execute(params![kind.name(), id.0.as_bytes(), record.body.to_string()])?;
    for scope in audience(record).map_err(|_| Fault::Malformed("record"))? {
        show(connection, &scope, kind, id)?;
        touched.push(scope);
    }
    Ok(())
}

fn show(connection: &Connection, scope: &Scope, kind: Kind, id: RecordId) -> Result<(), Fault> {
    let name = scope.to_string();
    let (head, digest) = head(connection, &name)?;
    let rev = head.saturating_add(1);
    let digest = digest.with(&name, kind.name(), id, rev);
    connection
        .prepare_cached(
            "INSERT INTO visibility (scope, rev, kind, id, gone) VALUES (?1, ?2, ?3, ?4, 0)",
        )?
        .execute(params![name, rev, kind.name(), id.0.as_bytes()])?;
    connection
        .prepare_cached(
            "INSERT INTO scope (name, head, digest) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET head = excluded.head, digest = excluded.digest",
        )?
        .execute(params![name, rev, digest.to_bytes()])?;
    Ok(())
}

/// A scope's newest revision and its digest.
pub(crate) fn head(connection: &Connection, scope: &str) -> Result<(i64, Digest), Fault> {
    let row = connection
        .prepare_cached("SELECT head, digest FROM scope WHERE name = ?1")?
        .query_row([scope], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    Ok(row.map_or_else(Default::default, |(head, digest)| (head, Digest::from_bytes(&digest))))
}
