//! Text that is being written. Kept here, sent nowhere.

use behorig_domain::{RecordId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Fault, Store};

/// Where the message that is being written in a case is kept.
pub fn draft_place(case: RecordId) -> String {
    format!("case/{case}")
}

pub(crate) fn get(connection: &Connection, place: &str) -> Result<Option<String>, Fault> {
    Ok(connection
        .prepare_cached("SELECT text FROM draft WHERE place = ?1")?
        .query_row([place], |row| row.get(0))
        .optional()?)
}

pub(crate) fn put(
    connection: &Connection,
    place: &str,
    text: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO draft (place, text, saved_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (place) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at",
        )?
        .execute(params![place, text, now.millis()])?;
    Ok(())
}

/// Adds text below what is being written at a place.
pub(crate) fn append(
    connection: &Connection,
    place: &str,
    text: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let text = match get(connection, place)? {
        Some(before) if !before.trim().is_empty() => format!("{before}\n\n{text}"),
        _ => text.to_owned(),
    };
    put(connection, place, &text, now)
}

pub(crate) fn remove(connection: &Connection, place: &str) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM draft WHERE place = ?1")?.execute([place])?;
    Ok(())
}

impl Store {
    /// The text being written at a place.
    pub fn draft(&self, place: &str) -> Result<Option<String>, Fault> {
        get(&self.connection, place)
    }

    /// Keeps the text being written at a place.
    pub fn put_draft(&mut self, place: &str, text: &str, now: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| put(connection, place, text, now))
    }

    /// Throws the text being written at a place away.
    pub fn remove_draft(&mut self, place: &str) -> Result<(), Fault> {
        self.transact(|connection| remove(connection, place))
    }
}
