//! Decided commands: kept for a while, and sent again if the server has lost them.

use std::collections::BTreeSet;

use behorig_domain::{
    Command, CommandId, Rejection, Scope, Timestamp, files as files_of, is_within,
};
use behorig_protocol::Refusal;
use rusqlite::{Connection, params};

use crate::{Fault, drafts, files, left, outbox, records, uuid};

const DAY: i64 = 24 * 3_600_000;
/// A decided command is kept so long, in milliseconds: a server that was restored from a backup that is no
/// older gets back what it has lost.
const KEPT_FOR: i64 = 90 * DAY;
/// What was written in a case that the person may no longer see stays readable so long.
pub(crate) const READABLE_FOR: i64 = 30 * DAY;

/// The server has been restored from a backup and knows of this person's commands only those in `known`.
/// What it had done and has lost is sent again, by the same ids and bytes. What it had refused stays
/// refused: the person has seen that and may have acted on it.
pub(crate) fn send_again(
    connection: &Connection,
    known: &BTreeSet<CommandId>,
) -> Result<(), Fault> {
    let mut statement = connection.prepare(
        "SELECT id, body FROM outbox WHERE state IN ('received', 'sent') ORDER BY position",
    )?;
    let done = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(Vec<u8>, Vec<u8>)>, _>>()?;
    for (id, body) in done {
        if known.contains(&CommandId(uuid(&id)?)) {
            continue;
        }
        let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
        let mut here = true;
        for file in files_of(&command) {
            here &= files::send_again(connection, file)?;
        }
        // without its bytes the server would wait for ever, and everything behind it in its lane
        if here {
            connection
                .prepare_cached(
                    "UPDATE outbox SET state = 'queued', failures = 0, fault = NULL,
                       decided_at = NULL WHERE id = ?1",
                )?
                .execute([id])?;
        }
    }
    // of those that wait the server may have lost what had arrived
    connection.execute("UPDATE file SET at_server = 0 WHERE state = 'sending'", [])?;
    drop_lost_dependencies(connection, known)
}

/// Nothing may wait for a command that neither the server knows nor this replica sends.
fn drop_lost_dependencies(
    connection: &Connection,
    known: &BTreeSet<CommandId>,
) -> Result<(), Fault> {
    let mut statement =
        connection.prepare("SELECT id, after FROM outbox WHERE state IN ('queued', 'stuck')")?;
    let pending = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(Vec<u8>, String)>, _>>()?;
    let mut coming = known.clone();
    for (id, _) in &pending {
        coming.insert(CommandId(uuid(id)?));
    }
    for (id, after) in pending {
        let before: Vec<CommandId> = outbox::from_json(&after)?;
        let after: Vec<_> = before.iter().copied().filter(|id| coming.contains(id)).collect();
        if after.len() < before.len() {
            outbox::put_after(connection, &id, &after)?;
        }
    }
    Ok(())
}

/// The person may no longer see a scope. What they wrote there keeps the name of its case; what is not
/// decided is refused if `refuse` says when, and stays readable with the reason.
pub(crate) fn leave(
    connection: &Connection,
    scope: &Scope,
    held: bool,
    refuse: Option<Timestamp>,
) -> Result<bool, Fault> {
    // what is decided has its name from when the scope was still held
    let written = connection
        .prepare_cached(
            "SELECT id, body, state IN ('queued', 'sent', 'stuck') FROM outbox
             WHERE ?1 OR state IN ('queued', 'sent', 'stuck')",
        )?
        .query_map([held], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<Vec<(Vec<u8>, Vec<u8>, bool)>, _>>()?;
    let case = records::case_in(connection, scope)?;
    let (title, number) = case.map(|case| (case.title, case.number)).unzip();
    let refusal = outbox::json(&Refusal::from(&Rejection::AccessEnded))?;
    let mut any = false;
    for (id, body, undecided) in written {
        let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
        let within = is_within(&command, scope);
        // giving a case away ends what one sees of it, and is not undone by that
        let gives_away = matches!((&command, scope), (Command::AssignCase(it), Scope::Case(_, case)) if it.case == *case);
        if !within && !gives_away {
            continue;
        }
        connection
            .prepare_cached(
                "UPDATE outbox SET title = coalesce(?2, title), number = coalesce(?3, number)
                 WHERE id = ?1",
            )?
            .execute(params![id, title, number])?;
        if let Some(now) = refuse.filter(|_| undecided && within) {
            any = true;
            connection
                .prepare_cached(
                    "UPDATE outbox SET state = 'refused', refused = ?2, decided_at = ?3
                     WHERE id = ?1",
                )?
                .execute(params![id, refusal, now.millis()])?;
        }
    }
    Ok(any)
}

/// Forgets decided commands that nobody needs any more.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    drafts::prune(connection, now)?;
    left::prune(connection, now)?;
    let old = |kept_for| now.millis().saturating_sub(kept_for);
    let ended = Refusal::from(&Rejection::AccessEnded).code;
    let gone = connection
        .prepare_cached(
            "SELECT id, body, state = 'refused' FROM outbox
             WHERE state IN ('received', 'refused') AND decided_at < ?2
               AND (decided_at < ?1 OR json_extract(refused, '$.code') = ?3 OR title IS NOT NULL)",
        )?
        .query_map(params![old(KEPT_FOR), old(READABLE_FOR), ended], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<Vec<(Vec<u8>, Vec<u8>, bool)>, _>>()?;
    for (id, body, refused) in gone {
        connection.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([&id])?;
        outbox::forget_dependency(connection, CommandId(uuid(&id)?))?;
        let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
        if refused {
            for file in files_of(&command) {
                files::forget_unsent(connection, file)?;
            }
        }
    }
    Ok(())
}
