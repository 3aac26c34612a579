//! Records, who sees them, and each scope's revisions and digest.

use std::collections::BTreeMap;

use behorig_domain::{Kind, PersonId, Read, Record, RecordId, RecordRef, Scope, audience};
use behorig_protocol::Digest;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Fault, Store, queue};

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

impl Store {
    /// What is known of a record.
    pub fn record(&self, at: RecordRef) -> Result<Read, Fault> {
        read(&self.connection, at)
    }

    /// Every record of a kind. For kinds of which there are few.
    pub fn all(&self, kind: Kind) -> Result<Vec<Record>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, body FROM record WHERE kind = ?1")?;
        let mut rows = statement.query([kind.name()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let at = RecordRef { kind, id: RecordId(uuid(&id)?) };
            let body = serde_json::from_str(&body).map_err(|_| Fault::Malformed("record"))?;
            all.push(Record { at, body });
        }
        Ok(all)
    }
}

/// Writes a record, new or in the place of an older version, and gives it a new revision in every scope
/// that sees it. Where it is no longer seen it is gone.
pub(crate) fn put(
    connection: &Connection,
    record: &Record,
    touched: &mut Vec<Scope>,
) -> Result<(), Fault> {
    let RecordRef { kind, id } = record.at;
    connection
        .prepare_cached(
            "INSERT INTO record (kind, id, version, body) VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (kind, id) DO UPDATE SET version = version + 1, body = excluded.body",
        )?
        .execute(params![kind.name(), id.0.as_bytes(), record.body.to_string()])?;
    let malformed = |_| Fault::Malformed("record");
    match kind {
        Kind::Case => queue::put(connection, id, &record.read().map_err(malformed)?)?,
        Kind::Contact => queue::put_person(connection, &record.read().map_err(malformed)?)?,
        _ => {}
    }
    let audience = audience(record).map_err(|_| Fault::Malformed("record"))?;
    for scope in seen_in(connection, record.at)? {
        if !audience.contains(&scope) {
            show(connection, &scope, record.at, false)?;
            touched.push(scope);
        }
    }
    for scope in audience {
        show(connection, &scope, record.at, true)?;
        touched.push(scope);
    }
    Ok(())
}

/// The scopes in which a record is visible.
pub(crate) fn seen_in(connection: &Connection, at: RecordRef) -> Result<Vec<Scope>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT scope FROM visibility WHERE kind = ?1 AND id = ?2 AND gone = 0")?;
    let names = statement
        .query_map(params![at.kind.name(), at.id.0.as_bytes()], |row| row.get::<_, String>(0))?;
    names.map(|name| name?.parse().map_err(|_| Fault::Malformed("scope"))).collect()
}

/// Whether somebody who sees these scopes sees a record.
pub(crate) fn is_seen(
    connection: &Connection,
    at: RecordRef,
    scopes: &[Scope],
) -> Result<bool, Fault> {
    Ok(seen_in(connection, at)?.iter().any(|scope| scopes.contains(scope)))
}

/// Gives a record a new revision in a scope, visible or gone.
fn show(connection: &Connection, scope: &Scope, at: RecordRef, seen: bool) -> Result<(), Fault> {
    let name = scope.to_string();
    let (kind, id) = (at.kind.name(), at.id);
    let (head, mut digest) = head(connection, &name)?;
    let rev = head.saturating_add(1);
    let before: Option<(i64, bool)> = connection
        .prepare_cached(
            "DELETE FROM visibility WHERE kind = ?1 AND id = ?2 AND scope = ?3 RETURNING rev, gone",
        )?
        .query_row(params![kind, id.0.as_bytes(), name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((before, false)) = before {
        digest = digest.without(&name, kind, id, before);
    }
    if seen {
        digest = digest.with(&name, kind, id, rev);
    }
    connection
        .prepare_cached(
            "INSERT INTO visibility (scope, rev, kind, id, gone) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![name, rev, kind, id.0.as_bytes(), !seen])?;
    connection
        .prepare_cached(
            "INSERT INTO scope (name, head, digest) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET head = excluded.head, digest = excluded.digest",
        )?
        .execute(params![name, rev, digest.to_bytes()])?;
    Ok(())
}

/// The newest revisions and digests of the scopes that a person has or had, without those in which nothing
/// has ever been.
pub(crate) fn heads_of(
    connection: &Connection,
    person: PersonId,
) -> Result<BTreeMap<String, (i64, Digest)>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT name, head, digest FROM scope
         WHERE name IN (SELECT scope FROM permission WHERE person = ?1) OR name = ?2",
    )?;
    let own = Scope::Person(person).to_string();
    let mut rows = statement.query(params![person.0.as_bytes(), own])?;
    let mut heads = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let digest: Vec<u8> = row.get(2)?;
        heads.insert(row.get(0)?, (row.get(1)?, Digest::from_bytes(&digest)));
    }
    Ok(heads)
}

/// A scope's newest revision and its digest.
pub(crate) fn head(connection: &Connection, scope: &str) -> Result<(i64, Digest), Fault> {
    let row = connection
        .prepare_cached("SELECT head, digest FROM scope WHERE name = ?1")?
        .query_row([scope], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    Ok(row.map_or_else(Default::default, |(head, digest)| (head, Digest::from_bytes(&digest))))
}
