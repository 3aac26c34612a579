//! Records in their two layers: confirmed by the server, and expected of what is pending.

use behorig_domain::{
    Kind, Read, Record, RecordId, RecordRef, Scope, Timestamp,
    cases::{Case, Certificate, Event},
    documents::{Document, DocumentRow},
    messages::{Message, ReadMark},
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use crate::Fault;

/// Which of the two layers a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Confirmed = 0,
    Forecast = 1,
}

/// The tables that hold records, each with a layer, an id, a version and a body.
pub(crate) const TABLES: [&str; 8] =
    ["case", "certificate", "document", "document_row", "event", "message", "read_mark", "other"];

/// The table of a kind: its own, if lists sort or filter by it, and else the one for all the others.
fn table(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(
            kind @ (Kind::Case
            | Kind::Certificate
            | Kind::Document
            | Kind::DocumentRow
            | Kind::Event
            | Kind::Message
            | Kind::ReadMark),
        ) => kind.name(),
        Some(
            Kind::Applicant
            | Kind::Contact
            | Kind::ContactProposal
            | Kind::Note
            | Kind::Number
            | Kind::PostalTask
            | Kind::Profile
            | Kind::Scheme
            | Kind::Service
            | Kind::Staff
            | Kind::Template,
        )
        | None => "other",
    }
}

/// Writes a record into a layer. `kind` may be one that this version does not know.
pub(crate) fn put(
    connection: &Connection,
    layer: Layer,
    kind: &str,
    id: RecordId,
    version: i64,
    body: &str,
) -> Result<(), Fault> {
    // a body that this version cannot read is kept whole, as a kind that it does not know is: one record
    // must not keep all the others away
    let known = Kind::named(kind);
    if let Some(known) = known
        && put_in_own(connection, layer, known, id, version, body)?
    {
        return Ok(());
    }
    if table(known) != "other" {
        // an older version of it must not stand in its place
        let sql = format!("DELETE FROM \"{}\" WHERE id = ?1 AND forecast = ?2", table(known));
        connection.prepare_cached(&sql)?.execute(params![id.0.as_bytes(), layer as i64])?;
    }
    let sql = "INSERT OR REPLACE INTO other (kind, id, forecast, version, body)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![kind, id.0.as_bytes(), layer as i64, version, body];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Writes a record into the table of its kind, with what lists sort and filter by; `false` if the kind has
/// none, or the body is not one that this version can read.
fn put_in_own(
    connection: &Connection,
    layer: Layer,
    kind: Kind,
    id: RecordId,
    version: i64,
    body: &str,
) -> Result<bool, Fault> {
    fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Option<T> {
        serde_json::from_str(body).ok()
    }
    let (id, layer_no) = (id.0.as_bytes(), layer as i64);
    match kind {
        Kind::Case => {
            let Some(case) = read::<Case>(body) else { return Ok(false) };
            let sql = "INSERT OR REPLACE INTO \"case\" (id, forecast, version, body, number)
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let values = params![id, layer_no, version, body, case.number];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Kind::Message => {
            let Some(message) = read::<Message>(body) else { return Ok(false) };
            let (case, thread) = (message.case.0.as_bytes(), message.thread.0.as_bytes());
            let (author, at) = (message.author.0.as_bytes(), message.received_at.millis());
            let sql = "INSERT OR REPLACE INTO message
                         (id, forecast, version, body, case_id, thread, author, at, unread)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?2 = 0
                         AND ?7 <> (SELECT unhex(replace(value, '-', '')) FROM setting
                                    WHERE name = 'person')
                         AND ?8 > coalesce((SELECT max(up_to) FROM read_mark
                                            WHERE thread = ?6 AND forecast = 0), 0))";
            let values = params![id, layer_no, version, body, case, thread, author, at];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Kind::ReadMark => {
            let Some(mark) = read::<ReadMark>(body) else { return Ok(false) };
            let (case, thread) = (mark.case.0.as_bytes(), mark.thread.0.as_bytes());
            let sql = "INSERT OR REPLACE INTO read_mark
                         (id, forecast, version, body, case_id, thread, up_to)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let values = params![id, layer_no, version, body, case, thread, mark.up_to.millis()];
            connection.prepare_cached(sql)?.execute(values)?;
            if layer == Layer::Confirmed {
                read_up_to_mark(connection, id)?;
            }
        }
        Kind::DocumentRow => {
            let Some(row) = read::<DocumentRow>(body) else { return Ok(false) };
            let sql = "INSERT OR REPLACE INTO document_row
                         (id, forecast, version, body, case_id, place)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let values = params![id, layer_no, version, body, row.case.0.as_bytes(), row.place];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Kind::Document => {
            let Some(document) = read::<Document>(body) else { return Ok(false) };
            let (case, at) = (document.case.0.as_bytes(), document.received_at.millis());
            let holder = document.common.as_ref().map(|it| it.holder.0.as_bytes());
            let sql = "INSERT OR REPLACE INTO document
                         (id, forecast, version, body, case_id, row_id, at, holder)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let row = document.row.0.as_bytes();
            let values = params![id, layer_no, version, body, case, row, at, holder];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Kind::Certificate => {
            let Some(certificate) = read::<Certificate>(body) else { return Ok(false) };
            let sql = "INSERT OR REPLACE INTO certificate (id, forecast, version, body, case_id)
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let values = params![id, layer_no, version, body, certificate.case.0.as_bytes()];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Kind::Event => {
            let Some(event) = read::<Event>(body) else { return Ok(false) };
            let sql = "INSERT OR REPLACE INTO event (id, forecast, version, body, case_id, at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let (case, at) = (event.case.0.as_bytes(), event.at.millis());
            connection
                .prepare_cached(sql)?
                .execute(params![id, layer_no, version, body, case, at])?;
        }
        Kind::Applicant
        | Kind::Contact
        | Kind::ContactProposal
        | Kind::Note
        | Kind::Number
        | Kind::PostalTask
        | Kind::Profile
        | Kind::Scheme
        | Kind::Service
        | Kind::Staff
        | Kind::Template => return Ok(false),
    }
    Ok(true)
}

/// The messages up to a confirmed read mark are read.
fn read_up_to_mark(connection: &Connection, mark: &[u8]) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE message SET unread = 0 FROM read_mark r
             WHERE r.id = ?1 AND r.forecast = 0 AND message.unread = 1
               AND message.case_id = r.case_id AND message.thread = r.thread
               AND message.at <= r.up_to",
        )?
        .execute([mark])?;
    Ok(())
}

/// Removes a confirmed record.
pub(crate) fn remove(connection: &Connection, kind: &str, id: RecordId) -> Result<(), Fault> {
    let id = id.0.as_bytes();
    let own = table(Kind::named(kind));
    if own != "other" {
        let sql = format!("DELETE FROM \"{own}\" WHERE id = ?1 AND forecast = 0");
        connection.prepare_cached(&sql)?.execute([id])?;
    }
    connection
        .prepare_cached("DELETE FROM other WHERE kind = ?1 AND id = ?2 AND forecast = 0")?
        .execute(params![kind, id])?;
    Ok(())
}

/// Removes confirmed records that are visible in no scope.
pub(crate) fn remove_unseen(connection: &Connection) -> Result<(), Fault> {
    for table in TABLES {
        let kind = if table == "other" { "kind" } else { &format!("'{table}'") };
        let sql = format!(
            "DELETE FROM \"{table}\" WHERE forecast = 0 AND NOT EXISTS (
               SELECT 1 FROM membership m WHERE m.kind = {kind} AND m.id = \"{table}\".id)"
        );
        connection.prepare_cached(&sql)?.execute([])?;
    }
    Ok(())
}

/// Whether the server's copy of a record is here.
pub(crate) fn is_confirmed(
    connection: &Connection,
    kind: &str,
    id: RecordId,
) -> Result<bool, Fault> {
    let id = id.0.as_bytes();
    let own = table(Kind::named(kind));
    if own != "other" {
        let sql = format!("SELECT 1 FROM \"{own}\" WHERE id = ?1 AND forecast = 0");
        if connection.prepare_cached(&sql)?.exists([id])? {
            return Ok(true);
        }
    }
    let sql = "SELECT 1 FROM other WHERE kind = ?1 AND id = ?2 AND forecast = 0";
    Ok(connection.prepare_cached(sql)?.exists(params![kind, id])?)
}

/// The case of a scope, if it is here.
pub(crate) fn case_in(connection: &Connection, scope: &Scope) -> Result<Option<Case>, Fault> {
    let Scope::Case(_, id) = scope else { return Ok(None) };
    let Read::Found(record) = read(connection, RecordRef { kind: Kind::Case, id: *id })? else {
        return Ok(None);
    };
    Ok(record.read().ok())
}

/// Empties the overlay.
pub(crate) fn clear_forecasts(connection: &Connection) -> Result<(), Fault> {
    for table in TABLES {
        let sql = format!("DELETE FROM \"{table}\" WHERE forecast = 1");
        connection.prepare_cached(&sql)?.execute([])?;
    }
    Ok(())
}

/// What this replica knows of a record, the overlay before the confirmed.
pub(crate) fn read(connection: &Connection, at: RecordRef) -> Result<Read, Fault> {
    let id = at.id.0.as_bytes();
    let order = "ORDER BY forecast DESC LIMIT 1";
    let body: Option<String> = match table(Some(at.kind)) {
        "other" => connection
            .prepare_cached(&format!("SELECT body FROM other WHERE kind = ?1 AND id = ?2 {order}"))?
            .query_row(params![at.kind.name(), id], |row| row.get(0))
            .optional()?,
        own => connection
            .prepare_cached(&format!("SELECT body FROM \"{own}\" WHERE id = ?1 {order}"))?
            .query_row([id], |row| row.get(0))
            .optional()?,
    };
    // what a replica does not hold may still exist
    let Some(body) = body else { return Ok(Read::Unseen) };
    let body = serde_json::from_str(&body).map_err(|_| Fault::Malformed("record"))?;
    Ok(Read::Found(Record { at, body }))
}

/// Forgets kept files whose document is no longer to be seen. Not before the first pull: then nothing is.
pub(crate) fn forget_unseen_files(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "DELETE FROM file WHERE state = 'kept' AND EXISTS (SELECT 1 FROM scope) AND id NOT IN (
           SELECT unhex(replace(json_extract(body, '$.file.id'), '-', '')) FROM document
           WHERE json_extract(body, '$.file.id') IS NOT NULL)",
        [],
    )?;
    Ok(())
}

/// A stored time.
pub(crate) fn time(millis: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_millis(millis).ok_or(Fault::Malformed("time"))
}
