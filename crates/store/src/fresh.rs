//! Pulling a scope afresh, beside what is held of it: nothing vanishes from the window before all of the new
//! is there, and then it takes the old's place in one transaction.

use std::collections::BTreeSet;

use behorig_domain::RecordId;
use behorig_protocol::{Cursor, Digest};
use rusqlite::{Connection, params};

use crate::{
    Fault,
    records::{self, Layer},
    uuid,
};

/// The scopes that are being pulled afresh.
pub(crate) fn scopes(connection: &Connection) -> Result<BTreeSet<String>, Fault> {
    let mut statement = connection.prepare_cached("SELECT name FROM fresh_scope")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Begins to pull a scope afresh, from its start; what an earlier beginning brought is dropped.
pub(crate) fn begin(connection: &Connection, scope: &str, epoch: &str) -> Result<(), Fault> {
    forget(connection, scope)?;
    connection
        .prepare_cached("INSERT INTO fresh_scope (name, epoch, rev) VALUES (?1, ?2, 0)")?
        .execute([scope, epoch])?;
    Ok(())
}

/// Drops what a scope's fresh pull has brought.
pub(crate) fn forget(connection: &Connection, scope: &str) -> Result<(), Fault> {
    connection.execute("DELETE FROM fresh_record WHERE scope = ?1", [scope])?;
    connection.execute("DELETE FROM fresh_scope WHERE name = ?1", [scope])?;
    Ok(())
}

/// Keeps a record of a fresh pull.
pub(crate) fn put(
    connection: &Connection,
    scope: &str,
    rev: i64,
    kind: &str,
    id: RecordId,
    version: i64,
    body: &str,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO fresh_record (scope, kind, id, rev, version, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![scope, kind, id.0.as_bytes(), rev, version, body])?;
    Ok(())
}

/// A record went away while its scope was being pulled.
pub(crate) fn gone(
    connection: &Connection,
    scope: &str,
    kind: &str,
    id: RecordId,
) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM fresh_record WHERE scope = ?1 AND kind = ?2 AND id = ?3")?
        .execute(params![scope, kind, id.0.as_bytes()])?;
    Ok(())
}

/// Notes how far a fresh pull has come.
pub(crate) fn put_cursor(
    connection: &Connection,
    scope: &str,
    cursor: &Cursor,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE fresh_scope SET epoch = ?2, rev = ?3 WHERE name = ?1")?
        .execute(params![scope, cursor.epoch, cursor.rev])?;
    Ok(())
}

/// Puts what the fresh pull of a scope has brought in the place of what was held of it. What is in no scope
/// any more is left for [`records::remove_unseen`].
pub(crate) fn swap_in(connection: &Connection, scope: &str) -> Result<(), Fault> {
    let no: i64 = connection.query_row(
        "INSERT INTO scope (name, epoch, rev, digest)
         SELECT name, epoch, rev, zeroblob(16) FROM fresh_scope WHERE name = ?1
         ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, rev = excluded.rev
         RETURNING no",
        [scope],
        |row| row.get(0),
    )?;
    connection.execute("DELETE FROM membership WHERE scope = ?1", [no])?;
    connection.execute(
        "INSERT INTO membership (scope, kind, id, rev)
         SELECT ?1, kind, id, rev FROM fresh_record WHERE scope = ?2",
        params![no, scope],
    )?;
    let mut digest = Digest::default();
    let mut statement = connection
        .prepare_cached("SELECT kind, id, rev, version, body FROM fresh_record WHERE scope = ?1")?;
    let mut rows = statement.query([scope])?;
    while let Some(row) = rows.next()? {
        let (kind, id): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let (id, body): (RecordId, String) = (RecordId(uuid(&id)?), row.get(4)?);
        records::put(connection, Layer::Confirmed, &kind, id, row.get(3)?, &body)?;
        digest = digest.with(scope, &kind, id, row.get(2)?);
    }
    let sql = "UPDATE scope SET digest = ?2 WHERE no = ?1";
    connection.execute(sql, params![no, digest.to_bytes()])?;
    forget(connection, scope)
}
