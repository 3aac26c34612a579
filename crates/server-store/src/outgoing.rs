//! What is to be told to people by means outside the program, until somebody has told it.

use behorig_domain::{Notice, PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Fault, Store, Writing};

/// Tries after which nobody is told any more: with the waits between them a day and a half.
const TRIES_MAX: i64 = 12;
/// Milliseconds before the second try; doubled before each further one.
const WAIT: i64 = 60_000;

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number.
    pub no: i64,
    /// Where they read it; `None` if no address is known.
    pub address: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// How often it has been tried.
    pub tries: i64,
}

pub(crate) fn enqueue(
    connection: &Connection,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO outgoing (person, kind, id, at, next_at) VALUES (?1, ?2, ?3, ?4, ?4)",
        )?
        .execute(params![
            notice.person.0.as_bytes(),
            notice.about.kind.name(),
            notice.about.id.0.as_bytes(),
            now.millis(),
        ])?;
    Ok(())
}

impl Store {
    /// The next thing to tell, if any is due.
    pub fn next_outgoing(&self, now: Timestamp) -> Result<Option<Outgoing>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.no, c.email, o.at, o.tries
             FROM outgoing o LEFT JOIN contact c ON c.person = o.person
             WHERE o.done_at IS NULL AND o.next_at <= ?1 ORDER BY o.next_at, o.no LIMIT 1",
        )?;
        let mut rows = statement.query([now.millis()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Outgoing {
            no: row.get(0)?,
            address: row.get(1)?,
            at: Timestamp::from_millis(row.get(2)?).ok_or(Fault::Malformed("time"))?,
            tries: row.get(3)?,
        }))
    }

    /// Milliseconds since 1970 at which the next thing is due; `None` if nothing waits.
    pub fn outgoing_due(&self) -> Result<Option<i64>, Fault> {
        Ok(self
            .connection
            .prepare_cached("SELECT min(next_at) FROM outgoing WHERE done_at IS NULL")?
            .query_row([], |row| row.get(0))
            .optional()?
            .flatten())
    }
}

impl Writing<'_> {
    /// Notes a try before it is made, so that no crash gives tries away, and when the next one is due.
    /// After the last one nothing more is tried.
    pub fn try_outgoing(&mut self, no: i64, now: Timestamp) -> Result<(), Fault> {
        self.transaction.execute(
            "UPDATE outgoing SET next_at = ?2 + (?3 << tries), tries = tries + 1,
               done_at = iif(tries + 1 >= ?4, ?2, NULL)
             WHERE no = ?1",
            params![no, now.millis(), WAIT, TRIES_MAX],
        )?;
        Ok(())
    }

    /// It has been told, or there is nobody to tell.
    pub fn end_outgoing(&mut self, no: i64, now: Timestamp) -> Result<(), Fault> {
        self.transaction
            .execute("UPDATE outgoing SET done_at = ?2 WHERE no = ?1", [no, now.millis()])?;
        Ok(())
    }

    /// Where a person reads their mail. `None`: nowhere.
    pub fn put_email(&mut self, person: PersonId, email: Option<&str>) -> Result<(), Fault> {
        self.transaction.execute(
            "INSERT INTO contact (person, email) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET email = excluded.email",
            params![person.0.as_bytes(), email],
        )?;
        Ok(())
    }
}
