//! The devices that a person has signed in on: listing them, ending them, and orders to erase.
//!
//! An order to erase keeps the session's row, which opens nothing from then on: the device is told when it
//! comes with the session's own refresh token, and by nothing else.

use behorig_domain::{DeviceId, PersonId, Timestamp};
use rusqlite::params;

use crate::{Fault, Store, Writing, records::uuid};

/// A device that a person is signed in on, or that is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLine {
    /// Which.
    pub device: DeviceId,
    /// What it calls its system; empty if it did not say.
    pub system: String,
    /// When the person last signed in on it.
    pub signed_in_at: Timestamp,
    /// When it last renewed its session, which it does about once an hour.
    pub seen_at: Timestamp,
    /// Whether it is to erase its replica at its next contact.
    pub erase: bool,
}

impl Store {
    /// A person's devices, the one that was last seen first.
    pub fn devices(&self, person: PersonId, now: Timestamp) -> Result<Vec<DeviceLine>, Fault> {
        let time = |millis| Timestamp::from_millis(millis).ok_or(Fault::Malformed("time"));
        let mut statement = self.connection.prepare_cached(
            "SELECT device, max(seen_at), max(system), max(erase), max(begun_at) FROM session
             WHERE person = ?1 AND (ends_at > ?2 OR erase = 1)
             GROUP BY device ORDER BY 2 DESC, device",
        )?;
        let mut rows = statement.query(params![person.0.as_bytes(), now.millis()])?;
        let mut devices = Vec::new();
        while let Some(row) = rows.next()? {
            let device: Vec<u8> = row.get(0)?;
            devices.push(DeviceLine {
                device: DeviceId(uuid(&device)?),
                seen_at: time(row.get(1)?)?,
                system: row.get(2)?,
                erase: row.get(3)?,
                signed_in_at: time(row.get(4)?)?,
            });
        }
        Ok(devices)
    }

    /// Whether this refresh token is of a session whose device is to be erased.
    pub fn is_to_erase(&self, id: &str, refresh_hash: &[u8]) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM session WHERE id = ?1 AND erase = 1
                     AND (refresh_hash = ?2 OR previous_refresh_hash = ?2)";
        Ok(self.connection.prepare_cached(sql)?.exists(params![id, refresh_hash])?)
    }
}

impl Writing<'_> {
    /// Ends a person's sessions on one device, or on all but one. `erase`: what is there goes too, at the
    /// device's next contact. An order that was given stays. Gives how many sessions that was.
    pub fn end_devices(
        &mut self,
        person: PersonId,
        one: Option<DeviceId>,
        but: DeviceId,
        erase: bool,
    ) -> Result<usize, Fault> {
        let of = "person = ?1 AND device <> ?2 AND (?3 IS NULL OR device = ?3) AND erase = 0";
        let act =
            if erase { "UPDATE session SET erase = 1 WHERE" } else { "DELETE FROM session WHERE" };
        let one = one.map(|one| one.0);
        Ok(self.transaction.execute(
            &format!("{act} {of}"),
            params![person.0.as_bytes(), but.0.as_bytes(), one.as_ref().map(uuid::Uuid::as_bytes)],
        )?)
    }

    /// The device says that its replica is gone: the order is carried out, and the server's share of the
    /// replica's key is of no use any more.
    pub fn erased(&mut self, id: &str, refresh_hash: &[u8]) -> Result<(), Fault> {
        self.transaction.execute(
            "DELETE FROM recovery_share WHERE (person, device) IN
               (SELECT person, device FROM session WHERE id = ?1 AND erase = 1
                  AND (refresh_hash = ?2 OR previous_refresh_hash = ?2))",
            params![id, refresh_hash],
        )?;
        self.transaction.execute(
            "DELETE FROM session WHERE id = ?1 AND erase = 1
               AND (refresh_hash = ?2 OR previous_refresh_hash = ?2)",
            params![id, refresh_hash],
        )?;
        Ok(())
    }
}
