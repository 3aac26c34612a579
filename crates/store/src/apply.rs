//! Taking in a page of a pull, in one transaction.

use std::collections::BTreeMap;

use behorig_domain::{CommandId, RecordId, Timestamp};
use behorig_protocol::{Cursor, Digest, PullLine, PullRequest, Refusal, ScopeState};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Fault, Store, files, outbox,
    records::{self, Layer},
    settings,
};

/// What a page brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Whether to fetch more at once.
    pub more: bool,
    /// Whether anything that a window shows has changed.
    pub changed: bool,
    /// Scopes in which this replica does not hold what the server holds.
    pub differing: Vec<String>,
}

impl Store {
    /// What to ask for next.
    pub fn pull_request(&self, limit: i64) -> Result<PullRequest, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT name, epoch, rev FROM scope")?;
        let cursors = statement.query_map([], |row| {
            Ok((row.get(0)?, Cursor { epoch: row.get(1)?, rev: row.get(2)? }))
        })?;
        Ok(PullRequest {
            device: self.device()?,
            answers_after: settings::answers_after(&self.connection)?,
            cursors: cursors.collect::<Result<BTreeMap<_, _>, _>>()?,
            limit,
        })
    }

    /// Takes in a whole page. All of it is durable when this returns `Ok`, or none of it is.
    pub fn apply(&mut self, page: Vec<PullLine>, now: Timestamp) -> Result<Applied, Fault> {
        self.transact(|connection| {
            let mut applied = Applied::default();
            for line in page {
                apply_line(connection, line, now, &mut applied)?;
            }
            if applied.changed {
                outbox::replay(connection)?;
            }
            Ok(applied)
        })
    }
}

fn apply_line(
    connection: &Connection,
    line: PullLine,
    now: Timestamp,
    applied: &mut Applied,
) -> Result<(), Fault> {
    match line {
        PullLine::Put { scope, rev, kind, id, version, body } => {
            applied.changed = true;
            records::put(connection, Layer::Confirmed, &kind, id, version, body.get())?;
            show(connection, &scope, &kind, id, Some(rev))?;
        }
        PullLine::Gone { scope, rev: _, kind, id } => {
            applied.changed = true;
            show(connection, &scope, &kind, id, None)?;
            remove_if_unseen(connection, &kind, id)?;
        }
        PullLine::Scope { scope, state: ScopeState::Current, head: _, digest } => {
            if digest_of(connection, &scope)? != digest {
                applied.differing.push(scope);
            }
        }
        PullLine::Scope { state: ScopeState::NeedsLevel, .. } => {}
        PullLine::Scope { scope, state: ScopeState::Revoked, .. } => {
            applied.changed |= revoke(connection, &scope)?;
        }
        PullLine::Answer { no, command, refused } => {
            applied.changed = true;
            answer(connection, command, refused.as_ref(), now)?;
            settings::put_answers_after(connection, no)?;
        }
        PullLine::End { more, cursors } => {
            applied.more = more;
            for (name, cursor) in cursors {
                connection
                    .prepare_cached(
                        "INSERT INTO scope (name, epoch, rev, digest)
                         VALUES (?1, ?2, ?3, zeroblob(16)) ON CONFLICT (name) DO UPDATE SET
                           epoch = excluded.epoch, rev = excluded.rev",
                    )?
                    .execute(params![name, cursor.epoch, cursor.rev])?;
            }
        }
    }
    Ok(())
}

/// Ends a command's wait. Only here does a command leave the overlay.
fn answer(
    connection: &Connection,
    command: CommandId,
    refused: Option<&Refusal>,
    now: Timestamp,
) -> Result<(), Fault> {
    // what the person did not write has nothing to tell them
    let quiet = "DELETE FROM outbox WHERE id = ?1 AND typed = 0";
    if connection.prepare_cached(quiet)?.execute([command.0.as_bytes()])? == 1 {
        return Ok(());
    }
    let state = if refused.is_some() { "refused" } else { "received" };
    let refused = refused.map(serde_json::to_string).transpose();
    connection
        .prepare_cached(
            "UPDATE outbox SET state = ?2, refused = ?3, decided_at = ?4,
               sent_at = coalesce(sent_at, ?4) WHERE id = ?1",
        )?
        .execute(params![
            command.0.as_bytes(),
            state,
            refused.map_err(|_| Fault::Malformed("rejection"))?,
            now.millis(),
        ])?;
    if state == "received" {
        files::received(connection, command)?;
    }
    Ok(())
}

fn digest_of(connection: &Connection, scope: &str) -> Result<Digest, Fault> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT digest FROM scope WHERE name = ?1")?
        .query_row([scope], |row| row.get(0))
        .optional()?;
    Ok(bytes.map(|bytes| Digest::from_bytes(&bytes)).unwrap_or_default())
}

/// Makes a record visible in a scope at a revision, or invisible, and keeps the scope's digest.
fn show(
    connection: &Connection,
    scope: &str,
    kind: &str,
    id: RecordId,
    rev: Option<i64>,
) -> Result<(), Fault> {
    let name = scope;
    let before: Option<i64> = connection
        .prepare_cached("SELECT rev FROM membership WHERE kind = ?1 AND id = ?2 AND scope = ?3")?
        .query_row(params![kind, id.0.as_bytes(), name], |row| row.get(0))
        .optional()?;
    let mut digest = digest_of(connection, scope)?;
    if let Some(before) = before {
        digest = digest.without(scope, kind, id, before);
    }
    if let Some(rev) = rev {
        digest = digest.with(scope, kind, id, rev);
        connection
            .prepare_cached(
                "INSERT INTO membership (kind, id, scope, rev) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (kind, id, scope) DO UPDATE SET rev = excluded.rev",
            )?
            .execute(params![kind, id.0.as_bytes(), name, rev])?;
    } else {
        connection
            .prepare_cached("DELETE FROM membership WHERE kind = ?1 AND id = ?2 AND scope = ?3")?
            .execute(params![kind, id.0.as_bytes(), name])?;
    }
    connection
        .prepare_cached(
            "INSERT INTO scope (name, epoch, rev, digest) VALUES (?1, '', 0, ?2)
             ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
        )?
        .execute(params![name, digest.to_bytes()])?;
    Ok(())
}

fn remove_if_unseen(connection: &Connection, kind: &str, id: RecordId) -> Result<(), Fault> {
    let seen = connection
        .prepare_cached("SELECT 1 FROM membership WHERE kind = ?1 AND id = ?2 LIMIT 1")?
        .exists(params![kind, id.0.as_bytes()])?;
    if seen { Ok(()) } else { records::remove(connection, kind, id) }
}

/// Erases a scope that is no longer the person's. What they wrote stays in the outbox and in drafts.
fn revoke(connection: &Connection, scope: &str) -> Result<bool, Fault> {
    let name = scope;
    let mut statement =
        connection.prepare_cached("SELECT kind, id FROM membership WHERE scope = ?1")?;
    let held = statement
        .query_map([name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    connection.execute("DELETE FROM membership WHERE scope = ?1", [name])?;
    connection.execute("DELETE FROM scope WHERE name = ?1", [name])?;
    for (kind, id) in &held {
        remove_if_unseen(connection, kind, RecordId(crate::uuid(id)?))?;
    }
    Ok(!held.is_empty())
}
