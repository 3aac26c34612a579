//! What the replica knows of itself.

use behorig_domain::{DeviceId, PersonId};
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

const SERVER: &str = "server";
const PERSON: &str = "person";
const DEVICE: &str = "device";
const TOKEN: &str = "token";
const ANSWERS_AFTER: &str = "answers_after";
const LAST_CONTACT: &str = "last_contact";

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

    /// The session token, if somebody is signed in.
    pub fn token(&self) -> Result<Option<String>, Fault> {
        get(&self.connection, TOKEN)
    }

    /// Keeps a session token.
    pub fn put_token(&mut self, token: &str) -> Result<(), Fault> {
        self.transact(|connection| put(connection, TOKEN, token))
    }

    /// Milliseconds since 1970 at the last answer from the server.
    pub fn last_contact(&self) -> Result<Option<i64>, Fault> {
        Ok(get(&self.connection, LAST_CONTACT)?.and_then(|text| text.parse().ok()))
    }

    /// Notes an answer from the server.
    pub fn put_last_contact(&mut self, millis: i64) -> Result<(), Fault> {
        self.transact(|connection| put(connection, LAST_CONTACT, &millis.to_string()))
    }
}
