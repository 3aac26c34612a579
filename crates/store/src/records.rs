//! Records in their two layers: confirmed by the server, and expected of what is pending.

use behorig_domain::{
    Kind, Read, Record, RecordId, RecordRef, Timestamp, cases::Case, messages::Message,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::Fault;

/// Which of the two layers a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Confirmed = 0,
    Forecast = 1,
}

/// A body of a kind that has a table of its own.
enum Row {
    Case(Case),
    Message(Message),
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
    let (id, layer) = (id.0.as_bytes(), layer as i64);
    // a body that this version cannot read is kept whole, as a kind that it does not know is: one record
    // must not keep all the others away
    let row = match Kind::named(kind) {
        Some(Kind::Case) => serde_json::from_str(body).ok().map(Row::Case),
        Some(Kind::Message) => serde_json::from_str(body).ok().map(Row::Message),
        Some(Kind::Profile) | None => None,
    };
    match row {
        Some(Row::Case(case)) => {
            connection
                .prepare_cached(
                    "INSERT INTO \"case\" (id, forecast, version, number, body)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (id, forecast) DO UPDATE SET
                       version = excluded.version, number = excluded.number, body = excluded.body",
                )?
                .execute(params![id, layer, version, case.number, body])?;
        }
        Some(Row::Message(message)) => {
            connection
                .prepare_cached(
                    "INSERT INTO message (id, forecast, version, case_id, at, body)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (id, forecast) DO UPDATE SET version = excluded.version,
                       case_id = excluded.case_id, at = excluded.at, body = excluded.body",
                )?
                .execute(params![
                    id,
                    layer,
                    version,
                    message.case.0.as_bytes(),
                    message.received_at.millis(),
                    body,
                ])?;
        }
        None => {
            connection
                .prepare_cached(
                    "INSERT INTO other (kind, id, forecast, version, body)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (kind, id, forecast) DO UPDATE SET
                       version = excluded.version, body = excluded.body",
                )?
                .execute(params![kind, id, layer, version, body])?;
        }
    }
    Ok(())
}

/// Removes a confirmed record.
pub(crate) fn remove(connection: &Connection, kind: &str, id: RecordId) -> Result<(), Fault> {
    let id = id.0.as_bytes();
    match Kind::named(kind) {
        Some(Kind::Case) => {
            connection.execute("DELETE FROM \"case\" WHERE id = ?1 AND forecast = 0", [id])?;
        }
        Some(Kind::Message) => {
            connection.execute("DELETE FROM message WHERE id = ?1 AND forecast = 0", [id])?;
        }
        Some(Kind::Profile) | None => {}
    }
    connection.execute(
        "DELETE FROM other WHERE kind = ?1 AND id = ?2 AND forecast = 0",
        params![kind, id],
    )?;
    Ok(())
}

/// Empties the overlay.
pub(crate) fn clear_forecasts(connection: &Connection) -> Result<(), Fault> {
    connection.execute_batch(
        "DELETE FROM \"case\" WHERE forecast = 1; DELETE FROM message WHERE forecast = 1;
         DELETE FROM other WHERE forecast = 1;",
    )?;
    Ok(())
}

/// What this replica knows of a record, the overlay before the confirmed.
pub(crate) fn read(connection: &Connection, at: RecordRef) -> Result<Read, Fault> {
    let id = at.id.0.as_bytes();
    let first = |sql: &str| -> Result<Option<String>, Fault> {
        let body = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(body)
    };
    let body = match at.kind {
        Kind::Case => {
            first("SELECT body FROM \"case\" WHERE id = ?1 ORDER BY forecast DESC LIMIT 1")?
        }
        Kind::Message => {
            first("SELECT body FROM message WHERE id = ?1 ORDER BY forecast DESC LIMIT 1")?
        }
        Kind::Profile => first(
            "SELECT body FROM other WHERE kind = 'profile' AND id = ?1
             ORDER BY forecast DESC LIMIT 1",
        )?,
    };
    // what a replica does not hold may still exist
    let Some(body) = body else { return Ok(Read::Unseen) };
    let body = serde_json::from_str(&body).map_err(|_| Fault::Malformed("record"))?;
    Ok(Read::Found(Record { at, body }))
}

/// A stored time.
pub(crate) fn time(millis: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_millis(millis).ok_or(Fault::Malformed("time"))
}
