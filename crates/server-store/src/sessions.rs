//! Sessions, the tokens that they are known by, and the recovery shares of devices.
//!
//! A session begins with a full sign-in and ends 30 days later at most. Within it each refresh token brings
//! one next pair. An older one that comes back was copied, so the session ends for whoever holds it.

use behorig_domain::{DeviceId, PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Fault, Store, Writing, records::uuid};

/// An order to erase is kept for so long after its session would have ended, in milliseconds: two years.
const ORDERS_KEPT: i64 = 2 * 365 * 24 * 60 * 60 * 1_000;

/// How surely it is known who signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// An own password and a code.
    L2,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::L2 => "L2",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::L2].into_iter().find(|level| level.name() == name)
    }
}

/// A session that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub person: PersonId,
    /// The installation it was given to.
    pub device: DeviceId,
    /// How surely.
    pub level: Level,
}

/// What is kept of a pair of tokens.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The access token's hash.
    pub access_hash: [u8; 32],
    /// The access token holds until just before this moment.
    pub access_ends_at: Timestamp,
    /// The refresh token's hash.
    pub refresh_hash: [u8; 32],
}

fn session(
    connection: &Connection,
    access_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Session>, Fault> {
    // the access token before holds out its time: a request that is under way must not fail by a refresh
    let row: Option<(Vec<u8>, Vec<u8>, String)> = connection
        .prepare_cached(
            "SELECT person, device, level FROM session
             WHERE ends_at > ?2 AND erase = 0
               AND ((access_hash = ?1 AND access_ends_at > ?2)
                 OR (previous_access_hash = ?1 AND previous_access_ends_at > ?2))",
        )?
        .query_row(params![access_hash, now.millis()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    row.map(|(person, device, level)| {
        Ok(Session {
            person: PersonId(uuid(&person)?),
            device: DeviceId(uuid(&device)?),
            level: Level::named(&level).ok_or(Fault::Malformed("level"))?,
        })
    })
    .transpose()
}

impl Store {
    /// The session of an access token's hash, if it has not ended.
    pub fn session(&self, access_hash: &[u8], now: Timestamp) -> Result<Option<Session>, Fault> {
        session(&self.connection, access_hash, now)
    }

    /// Whether nobody has used this access token yet.
    pub fn is_unused(&self, access_hash: &[u8]) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM session WHERE access_hash = ?1 AND used = 0";
        Ok(self.connection.prepare_cached(sql)?.exists([access_hash])?)
    }

    /// When the session of this id ends, if it has not ended.
    pub fn session_ends_at(&self, id: &str, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
        let sql = "SELECT ends_at FROM session WHERE id = ?1 AND ends_at > ?2 AND erase = 0";
        let ends_at: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![id, now.millis()], |row| row.get(0))
            .optional()?;
        Ok(ends_at.and_then(Timestamp::from_millis))
    }

    /// Whether a person has a share of this device: they have signed in on it, with both factors.
    pub fn has_share(&self, person: PersonId, device: DeviceId) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM recovery_share WHERE person = ?1 AND device = ?2";
        let whose = params![person.0.as_bytes(), device.0.as_bytes()];
        Ok(self.connection.prepare_cached(sql)?.exists(whose)?)
    }
}

impl Writing<'_> {
    /// The session of an access token's hash, if it has not ended. Asked again where it counts.
    pub fn session(&self, access_hash: &[u8], now: Timestamp) -> Result<Option<Session>, Fault> {
        session(&self.transaction, access_hash, now)
    }

    /// Begins a session, and forgets those that have ended. Whoever signs in on a device that was to be
    /// erased has both factors: they take the order back by it.
    pub fn begin_session(
        &mut self,
        id: &str,
        session: Session,
        system: &str,
        pair: &Pair,
        now: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), Fault> {
        self.transaction.execute(
            "DELETE FROM session WHERE ends_at <= iif(erase = 1, ?1 - ?2, ?1)
               OR (erase = 1 AND person = ?3 AND device = ?4)",
            params![
                now.millis(),
                ORDERS_KEPT,
                session.person.0.as_bytes(),
                session.device.0.as_bytes()
            ],
        )?;
        self.transaction.execute(
            "INSERT INTO session (id, person, device, level, ends_at, access_hash, access_ends_at,
                                  refresh_hash, system, begun_at, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
            params![
                id,
                session.person.0.as_bytes(),
                session.device.0.as_bytes(),
                session.level.name(),
                ends_at.millis(),
                pair.access_hash,
                pair.access_ends_at.millis(),
                pair.refresh_hash,
                system,
                now.millis(),
            ],
        )?;
        Ok(())
    }

    /// A token of the newest pair has come: the pair has arrived, and the one before it is over.
    pub fn mark_used(&mut self, access_hash: &[u8]) -> Result<(), Fault> {
        self.transaction
            .execute("UPDATE session SET used = 1 WHERE access_hash = ?1", [access_hash])?;
        Ok(())
    }

    /// Exchanges a refresh token for the next pair. `false` if the session has ended, or ends by this: the
    /// token is an old one.
    ///
    /// The token before the newest is as good as the newest while no token of the newest pair has been
    /// used: then the answer that held it was lost.
    pub fn renew_session(
        &mut self,
        id: &str,
        refresh_hash: &[u8; 32],
        next: &Pair,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let next = params![
            id,
            refresh_hash,
            next.access_hash,
            next.access_ends_at.millis(),
            next.refresh_hash,
            now.millis(),
        ];
        let renewed = self.transaction.execute(
            "UPDATE session SET
               previous_access_hash = access_hash, previous_access_ends_at = access_ends_at,
               previous_refresh_hash = refresh_hash,
               access_hash = ?3, access_ends_at = ?4, refresh_hash = ?5, used = 0, seen_at = ?6
             WHERE id = ?1 AND refresh_hash = ?2 AND ends_at > ?6 AND erase = 0",
            next,
        )?;
        if renewed == 1 {
            return Ok(true);
        }
        let repeated = self.transaction.execute(
            "UPDATE session SET access_hash = ?3, access_ends_at = ?4, refresh_hash = ?5,
               seen_at = ?6
             WHERE id = ?1 AND previous_refresh_hash = ?2 AND used = 0 AND ends_at > ?6 AND erase = 0",
            next,
        )?;
        if repeated == 1 {
            return Ok(true);
        }
        self.end_session(id)?;
        Ok(false)
    }

    /// Ends a session with all its tokens. What is to be erased stays so.
    pub fn end_session(&mut self, id: &str) -> Result<(), Fault> {
        self.transaction.execute("DELETE FROM session WHERE id = ?1 AND erase = 0", [id])?;
        Ok(())
    }

    /// The share of a person's device; `new` becomes it if there is none.
    pub fn recovery_share(
        &mut self,
        person: PersonId,
        device: DeviceId,
        new: &[u8; 32],
    ) -> Result<Vec<u8>, Fault> {
        let whose = (person.0.as_bytes(), device.0.as_bytes());
        self.transaction.execute(
            "INSERT INTO recovery_share (person, device, share) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
            params![whose.0, whose.1, new],
        )?;
        let sql = "SELECT share FROM recovery_share WHERE person = ?1 AND device = ?2";
        Ok(self.transaction.query_row(sql, params![whose.0, whose.1], |row| row.get(0))?)
    }
}
