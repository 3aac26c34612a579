//! Links that people are mailed to choose a password by: the first one, or another for a forgotten one.
//!
//! A link alone opens nothing: it lets its holder have a code sent to the number that the issuer has
//! confirmed, and only both together set a password.

use behorig_domain::{PersonId, Timestamp};
use rusqlite::{Connection, params};

use crate::{Fault, Store, Writing, records::uuid};

/// A link that holds.
#[derive(Debug, Clone)]
pub struct Link {
    /// Whose.
    pub person: PersonId,
    /// What they sign in with.
    pub user_name: String,
    /// Whether they have a password already.
    pub activated: bool,
    /// Where codes go.
    pub phone: String,
    /// The code's hash; `None` until one was sent.
    pub code_hash: Option<Vec<u8>>,
    /// The code holds until just before this moment.
    pub code_ends_at: Option<Timestamp>,
    /// Codes that were tried.
    pub tries: i64,
}

fn link(connection: &Connection, link_hash: &[u8], now: Timestamp) -> Result<Option<Link>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT a.person, a.user_name, a.password_hash IS NOT NULL, a.phone, l.code_hash,
                l.code_ends_at, l.tries
         FROM link l JOIN account a ON a.person = l.person
         WHERE l.link_hash = ?1 AND l.expires_at > ?2",
    )?;
    let mut rows = statement.query(params![link_hash, now.millis()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let person: Vec<u8> = row.get(0)?;
    let code_ends_at: Option<i64> = row.get(5)?;
    Ok(Some(Link {
        person: PersonId(uuid(&person)?),
        user_name: row.get(1)?,
        activated: row.get(2)?,
        phone: row.get(3)?,
        code_hash: row.get(4)?,
        code_ends_at: code_ends_at.and_then(Timestamp::from_millis),
        tries: row.get(6)?,
    }))
}

impl Store {
    /// What a link is for, if it holds. Looking changes nothing: mail systems open links too.
    pub fn link(&self, link_hash: &[u8], now: Timestamp) -> Result<Option<Link>, Fault> {
        link(&self.connection, link_hash, now)
    }
}

impl Writing<'_> {
    /// Gives a person a link; the one before it is void.
    pub fn put_link(
        &mut self,
        person: PersonId,
        link_hash: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), Fault> {
        self.transaction.execute(
            "INSERT OR REPLACE INTO link (person, link_hash, expires_at) VALUES (?1, ?2, ?3)",
            params![person.0.as_bytes(), link_hash, expires_at.millis()],
        )?;
        Ok(())
    }

    /// Keeps the code that was sent for a link. `false` if the link holds no more; its tries count on.
    pub fn put_link_code(
        &mut self,
        link_hash: &[u8],
        code_hash: &[u8],
        now: Timestamp,
        code_ends_at: Timestamp,
    ) -> Result<bool, Fault> {
        let kept = self.transaction.execute(
            "UPDATE link SET code_hash = ?2, code_ends_at = ?3
             WHERE link_hash = ?1 AND expires_at > ?4",
            params![link_hash, code_hash, code_ends_at.millis(), now.millis()],
        )?;
        Ok(kept == 1)
    }

    /// Counts a try of a code and gives the link that it belongs to, if it holds. The count is durable
    /// before the code is compared.
    pub fn try_link(&mut self, link_hash: &[u8], now: Timestamp) -> Result<Option<Link>, Fault> {
        self.transaction
            .execute("UPDATE link SET tries = tries + 1 WHERE link_hash = ?1", [link_hash])?;
        link(&self.transaction, link_hash, now)
    }

    /// Ends a link.
    pub fn end_link(&mut self, link_hash: &[u8]) -> Result<(), Fault> {
        self.transaction.execute("DELETE FROM link WHERE link_hash = ?1", [link_hash])?;
        Ok(())
    }
}
