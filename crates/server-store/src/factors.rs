//! What proves who somebody is besides the password and their telephone: a code app, and codes for the day on
//! which neither is at hand.

use behorig_domain::{PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{Fault, Store, Writing};

/// A person's code app.
#[derive(Debug, Clone)]
pub struct Totp {
    /// The secret that its codes are made from, sealed.
    pub sealed: Vec<u8>,
    /// Whether its owner has shown that it works. Before that it opens nothing.
    pub confirmed: bool,
    /// The time step whose code was used last: neither it nor one before it is accepted again.
    pub last_step: i64,
}

fn totp(connection: &Connection, person: PersonId) -> Result<Option<Totp>, Fault> {
    let sql = "SELECT sealed, confirmed, last_step FROM totp WHERE person = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let row = statement.query_row([person.0.as_bytes()], |row| {
        Ok(Totp { sealed: row.get(0)?, confirmed: row.get(1)?, last_step: row.get(2)? })
    });
    Ok(row.optional()?)
}

impl Store {
    /// A person's code app.
    pub fn totp(&self, person: PersonId) -> Result<Option<Totp>, Fault> {
        totp(&self.connection, person)
    }

    /// How many recovery codes a person has left; `None` if none were ever made.
    pub fn recovery_codes_left(&self, person: PersonId) -> Result<Option<u32>, Fault> {
        let sql = "SELECT count(*), coalesce(sum(used_at IS NULL), 0) FROM recovery_code
                   WHERE person = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (all, left): (u32, u32) =
            statement.query_row([person.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((all > 0).then_some(left))
    }
}

impl Writing<'_> {
    /// A person's code app; asked again where it counts.
    pub fn totp(&mut self, person: PersonId) -> Result<Option<Totp>, Fault> {
        totp(&self.transaction, person)
    }

    /// Keeps the secret of a code app that is not confirmed yet. `false` if there is a confirmed one: that
    /// must be removed first.
    pub fn put_totp(&mut self, person: PersonId, sealed: &[u8]) -> Result<bool, Fault> {
        let put = self.transaction.execute(
            "INSERT INTO totp (person, sealed) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, last_step = 0
             WHERE confirmed = 0",
            params![person.0.as_bytes(), sealed],
        )?;
        Ok(put == 1)
    }

    /// A code of this time step was used: the app works, and the code is used up.
    pub fn use_totp(&mut self, person: PersonId, step: i64) -> Result<(), Fault> {
        self.transaction.execute(
            "UPDATE totp SET confirmed = 1, last_step = max(last_step, ?2) WHERE person = ?1",
            params![person.0.as_bytes(), step],
        )?;
        Ok(())
    }

    /// The person signs in without the code app from now on.
    pub fn remove_totp(&mut self, person: PersonId) -> Result<(), Fault> {
        self.transaction.execute("DELETE FROM totp WHERE person = ?1", [person.0.as_bytes()])?;
        Ok(())
    }

    /// Gives a person recovery codes; the former ones are void. Only hashes are kept.
    pub fn put_recovery_codes(
        &mut self,
        person: PersonId,
        hashes: &[[u8; 32]],
    ) -> Result<(), Fault> {
        let id = person.0.as_bytes();
        self.transaction.execute("DELETE FROM recovery_code WHERE person = ?1", [id])?;
        for hash in hashes {
            self.transaction.execute(
                "INSERT INTO recovery_code (person, code_hash) VALUES (?1, ?2)",
                params![id, hash],
            )?;
        }
        Ok(())
    }

    /// Uses a recovery code up. `false` if it is none, or was used before.
    pub fn use_recovery_code(
        &mut self,
        person: PersonId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let used = self.transaction.execute(
            "UPDATE recovery_code SET used_at = ?3
             WHERE person = ?1 AND code_hash = ?2 AND used_at IS NULL",
            params![person.0.as_bytes(), hash, now.millis()],
        )?;
        Ok(used == 1)
    }
}
