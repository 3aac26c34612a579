//! What the replica knows of itself.

use behorig_domain::{DeviceId, PersonId, Timestamp};
use behorig_protocol::Tokens;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Fault, Store};

/// Whose replica this is, and where it was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The server's address.
    pub server: String,
    /// The person.
    pub person: PersonId,
}

/// The session of a replica.
#[derive(Debug, Clone, Default)]
pub struct HeldSession {
    /// Its tokens; `None` before the first sign-in and after a log-out.
    pub tokens: Option<Tokens>,
    /// By this computer's clock, in milliseconds since 1970: from then on the tokens should be renewed.
    pub renew_at: i64,
    /// A refresh token whose session the person has ended and the server does not know it yet.
    pub ending: Option<String>,
}

const SERVER: &str = "server";
const PERSON: &str = "person";
pub(crate) const DEVICE: &str = "device";
const TOKENS: &str = "tokens";
const RENEW_AT: &str = "renew_at";
const ENDING: &str = "ending";
const ANSWERS_AFTER: &str = "answers_after";
const LAST_CONTACT: &str = "last_contact";
/// The server's epoch in which answers are counted.
const EPOCH: &str = "epoch";
/// A recovery share of the server that the key file does not know yet.
const RECOVERY_SHARE: &str = "recovery_share";
/// Minutes without a touch after which the program locks.
const LOCK_AFTER: &str = "lock_after";
/// There while commands that a restored server may have lost are not looked for yet.
const RESTORED: &str = "restored";

pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<String>, Fault> {
    Ok(connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

pub(crate) fn put(connection: &Connection, name: &str, value: &str) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![name, value])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, name: &str) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([name])?;
    Ok(())
}

fn tokens(connection: &Connection) -> Result<Option<Tokens>, Fault> {
    let text = get(connection, TOKENS)?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| Fault::Malformed("tokens"))).transpose()
}

fn put_tokens(connection: &Connection, tokens: &Tokens, now: Timestamp) -> Result<(), Fault> {
    let text = serde_json::to_string(tokens).map_err(|_| Fault::Malformed("tokens"))?;
    put(connection, TOKENS, &text)?;
    // a sixth of its time before the access token ends
    let good_for = tokens.access_seconds.saturating_mul(1_000) / 6 * 5;
    put(connection, RENEW_AT, &now.millis().saturating_add(good_for).to_string())
}

pub(crate) fn person(connection: &Connection) -> Result<PersonId, Fault> {
    get(connection, PERSON)?.and_then(|text| text.parse().ok()).ok_or(Fault::Malformed("person"))
}

pub(crate) fn answers_after(connection: &Connection) -> Result<i64, Fault> {
    let text = get(connection, ANSWERS_AFTER)?;
    text.map_or(Ok(0), |text| text.parse().map_err(|_| Fault::Malformed("answer number")))
}

pub(crate) fn put_answers_after(connection: &Connection, no: i64) -> Result<(), Fault> {
    put(connection, ANSWERS_AFTER, &no.to_string())
}

pub(crate) fn epoch(connection: &Connection) -> Result<Option<String>, Fault> {
    get(connection, EPOCH)
}

pub(crate) fn put_epoch(connection: &Connection, epoch: &str) -> Result<(), Fault> {
    put(connection, EPOCH, epoch)
}

pub(crate) fn restored(connection: &Connection) -> Result<bool, Fault> {
    Ok(get(connection, RESTORED)?.is_some())
}

pub(crate) fn put_restored(connection: &Connection, restored: bool) -> Result<(), Fault> {
    if restored { put(connection, RESTORED, "") } else { remove(connection, RESTORED) }
}

/// Writes whose replica this is where that is not known.
pub(crate) fn put_whose(connection: &Connection, whose: &Identity) -> Result<(), Fault> {
    for (name, value) in [(SERVER, whose.server.clone()), (PERSON, whose.person.to_string())] {
        if get(connection, name)?.is_none() {
            put(connection, name, &value)?;
        }
    }
    Ok(())
}

pub(crate) fn put_device(connection: &Connection, device: DeviceId) -> Result<(), Fault> {
    put(connection, DEVICE, &device.to_string())
}

impl Store {
    /// Writes whose replica this is. Once, when it is made.
    pub fn put_identity(&mut self, identity: &Identity, device: DeviceId) -> Result<(), Fault> {
        self.transact(|connection| {
            put(connection, SERVER, &identity.server)?;
            put(connection, PERSON, &identity.person.to_string())?;
            put_device(connection, device)
        })
    }

    /// Whose replica this is.
    pub fn identity(&self) -> Result<Identity, Fault> {
        let server = get(&self.connection, SERVER)?.ok_or(Fault::Malformed("server"))?;
        Ok(Identity { server, person: person(&self.connection)? })
    }

    /// The name under which this installation sends.
    pub fn device(&self) -> Result<DeviceId, Fault> {
        get(&self.connection, DEVICE)?
            .and_then(|text| text.parse().ok())
            .ok_or(Fault::Malformed("device"))
    }

    /// The access token, if somebody is signed in.
    pub fn token(&self) -> Result<Option<String>, Fault> {
        Ok(tokens(&self.connection)?.map(|tokens| tokens.access))
    }

    /// The session.
    pub fn session(&self) -> Result<HeldSession, Fault> {
        Ok(HeldSession {
            tokens: tokens(&self.connection)?,
            renew_at: get(&self.connection, RENEW_AT)?
                .and_then(|text| text.parse().ok())
                .unwrap_or_default(),
            ending: get(&self.connection, ENDING)?,
        })
    }

    /// Keeps the tokens of a new session.
    pub fn put_tokens(&mut self, tokens: &Tokens, now: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| put_tokens(connection, tokens, now))
    }

    /// Keeps the recovery share that the server told at a sign-in until the key file knows it: a server that
    /// was restored from a backup may have made another than the one by which the key is wrapped.
    pub fn put_recovery_share(&mut self, share: &str) -> Result<(), Fault> {
        self.transact(|connection| put(connection, RECOVERY_SHARE, share))
    }

    /// The recovery share that the key file does not know yet.
    pub fn recovery_share(&self) -> Result<Option<String>, Fault> {
        get(&self.connection, RECOVERY_SHARE)
    }

    /// The key file knows the recovery share.
    pub fn forget_recovery_share(&mut self) -> Result<(), Fault> {
        self.transact(|connection| remove(connection, RECOVERY_SHARE))
    }

    /// Keeps the pair that a refresh token was exchanged for, unless the person has signed in anew or out
    /// meanwhile.
    pub fn renew_tokens(&mut self, old: &str, new: &Tokens, now: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| {
            if tokens(connection)?.is_some_and(|held| held.refresh == old) {
                put_tokens(connection, new, now)?;
            }
            Ok(())
        })
    }

    /// Forgets the session and notes that the server is to be told. Gives what to tell it.
    pub fn end_session(&mut self) -> Result<Option<String>, Fault> {
        self.transact(|connection| {
            if let Some(held) = tokens(connection)? {
                put(connection, ENDING, &held.refresh)?;
                remove(connection, TOKENS)?;
            }
            get(connection, ENDING)
        })
    }

    /// The server knows that the session has ended.
    pub fn end_was_told(&mut self, refresh: &str) -> Result<(), Fault> {
        self.transact(|connection| {
            if get(connection, ENDING)?.as_deref() == Some(refresh) {
                remove(connection, ENDING)?;
            }
            Ok(())
        })
    }

    /// After how many minutes without a touch the program locks, if the person has said.
    pub fn lock_after(&self) -> Result<Option<u32>, Fault> {
        Ok(get(&self.connection, LOCK_AFTER)?.and_then(|text| text.parse().ok()))
    }

    /// Keeps after how many minutes without a touch the program locks.
    pub fn put_lock_after(&mut self, minutes: u32) -> Result<(), Fault> {
        self.transact(|connection| put(connection, LOCK_AFTER, &minutes.to_string()))
    }

    /// Milliseconds since 1970 at the last answer from the server.
    pub fn last_contact(&self) -> Result<Option<i64>, Fault> {
        Ok(get(&self.connection, LAST_CONTACT)?.and_then(|text| text.parse().ok()))
    }
}

/// Notes that the server was heard.
pub(crate) fn put_last_contact(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    put(connection, LAST_CONTACT, &now.millis().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::tests::new_store;

    fn tokens(n: u8) -> Tokens {
        Tokens { access: format!("a{n}"), access_seconds: 3_600, refresh: format!("r{n}") }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    #[test]
    fn a_pair_is_due_before_its_access_token_ends() {
        let (_folder, mut store) = new_store();
        assert!(store.session().unwrap().tokens.is_none());
        store.put_tokens(&tokens(1), at(1_000)).unwrap();
        let held = store.session().unwrap();
        assert_eq!(held.tokens, Some(tokens(1)));
        assert_eq!(held.renew_at, 1_000 + 50 * 60 * 1_000);
        assert_eq!(store.token().unwrap().unwrap(), "a1");
    }

    #[test]
    fn a_late_refresh_replaces_no_newer_session_and_revives_no_ended_one() {
        let (_folder, mut store) = new_store();
        store.put_tokens(&tokens(1), at(0)).unwrap();
        store.renew_tokens("r1", &tokens(2), at(1)).unwrap();
        assert_eq!(store.session().unwrap().tokens, Some(tokens(2)));
        store.put_tokens(&tokens(7), at(2)).unwrap();
        store.renew_tokens("r2", &tokens(3), at(3)).unwrap();
        assert_eq!(store.session().unwrap().tokens, Some(tokens(7)));
        assert_eq!(store.end_session().unwrap().unwrap(), "r7");
        store.renew_tokens("r7", &tokens(8), at(4)).unwrap();
        assert_eq!(store.token().unwrap(), None);
    }

    #[test]
    fn an_end_waits_until_it_is_told() {
        let (_folder, mut store) = new_store();
        store.put_tokens(&tokens(1), at(0)).unwrap();
        store.end_session().unwrap();
        assert_eq!(store.session().unwrap().ending.unwrap(), "r1");
        store.put_tokens(&tokens(2), at(1)).unwrap();
        assert_eq!(store.session().unwrap().ending.unwrap(), "r1", "a new sign-in hides it not");
        store.end_was_told("r1").unwrap();
        let held = store.session().unwrap();
        assert_eq!((held.tokens, held.ending), (Some(tokens(2)), None));
    }
}
