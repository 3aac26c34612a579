//! The history of a scope: append only, each line bound to the one before it by hash.

use behorig_domain::{CommandId, HistoryEntry, PersonId, RecordId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};

use crate::{Fault, Store, records::uuid};

/// One line of a scope's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Counted from 1 within the scope.
    pub seq: i64,
    /// When the server did it.
    pub at: Timestamp,
    /// What happened.
    pub event: String,
    /// To which record.
    pub about: RecordId,
    /// By whose command.
    pub command: CommandId,
}

/// Binds a command's content without telling it: the salt goes when the content is erased.
pub(crate) fn commitment(salt: &[u8], body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(body).finalize().into()
}

struct Link<'a> {
    scope: &'a str,
    seq: i64,
    at: i64,
    event: &'a str,
    kind: &'a str,
    id: &'a [u8],
    person: &'a [u8],
    command: &'a [u8],
    commitment: &'a [u8],
    previous: &'a [u8],
}

impl Link<'_> {
    /// Every field with its length before it, so that no two lines share their bytes.
    fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let seq = self.seq.to_be_bytes();
        let at = self.at.to_be_bytes();
        let fields: [&[u8]; 10] = [
            self.scope.as_bytes(),
            &seq,
            &at,
            self.event.as_bytes(),
            self.kind.as_bytes(),
            self.id,
            self.person,
            self.command,
            self.commitment,
            self.previous,
        ];
        for field in fields {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.finalize().into()
    }
}

/// Adds a line to its scope's chain.
pub(crate) fn append(
    connection: &Connection,
    entry: &HistoryEntry,
    person: PersonId,
    command: CommandId,
    commitment: &[u8],
    at: Timestamp,
) -> Result<(), Fault> {
    let scope = entry.scope.to_string();
    let last: Option<(i64, Vec<u8>)> = connection
        .prepare_cached("SELECT seq, hash FROM history WHERE scope = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([&scope], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, previous) = last.unwrap_or_default();
    let link = Link {
        scope: &scope,
        seq: seq.saturating_add(1),
        at: at.millis(),
        event: entry.event,
        kind: entry.about.kind.name(),
        id: entry.about.id.0.as_bytes(),
        person: person.0.as_bytes(),
        command: command.0.as_bytes(),
        commitment,
        previous: &previous,
    };
    connection
        .prepare_cached(
            "INSERT INTO history (scope, seq, at, event, kind, id, person, command, commitment,
                                  previous_hash, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            link.scope,
            link.seq,
            link.at,
            link.event,
            link.kind,
            link.id,
            link.person,
            link.command,
            link.commitment,
            link.previous,
            link.hash(),
        ])?;
    Ok(())
}

impl Store {
    /// A scope's history, oldest first. Fails if a line does not follow from the one before it.
    pub fn history(&self, scope: &str) -> Result<Vec<HistoryLine>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, at, event, kind, id, person, command, commitment, previous_hash, hash
             FROM history WHERE scope = ?1 ORDER BY seq",
        )?;
        let mut rows = statement.query([scope])?;
        let mut lines = Vec::new();
        let mut expected: Vec<u8> = Vec::new();
        while let Some(row) = rows.next()? {
            let (event, kind): (String, String) = (row.get(2)?, row.get(3)?);
            let (id, person): (Vec<u8>, Vec<u8>) = (row.get(4)?, row.get(5)?);
            let (command, commitment): (Vec<u8>, Vec<u8>) = (row.get(6)?, row.get(7)?);
            let (previous, hash): (Vec<u8>, Vec<u8>) = (row.get(8)?, row.get(9)?);
            let link = Link {
                scope,
                seq: row.get(0)?,
                at: row.get(1)?,
                event: &event,
                kind: &kind,
                id: &id,
                person: &person,
                command: &command,
                commitment: &commitment,
                previous: &previous,
            };
            if previous != expected || link.hash().as_slice() != hash {
                return Err(Fault::Malformed("history"));
            }
            let at = Timestamp::from_millis(link.at).ok_or(Fault::Malformed("history"))?;
            lines.push(HistoryLine {
                seq: link.seq,
                at,
                about: RecordId(uuid(&id)?),
                command: CommandId(uuid(&command)?),
                event,
            });
            expected = hash;
        }
        Ok(lines)
    }
}
