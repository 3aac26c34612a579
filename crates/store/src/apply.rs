//! Taking in a page of a pull, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use behorig_domain::{CommandId, RecordId, Scope, Timestamp};
use behorig_protocol::{Cursor, Digest, PullLine, PullRequest, Refusal, ScopeState};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Fault, Store, decided, files, fresh, left, outbox,
    records::{self, Layer},
    search, settings,
};

/// What a page brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Whether to fetch more at once.
    pub more: bool,
    /// Whether anything that a window shows has changed.
    pub changed: bool,
    /// Scopes in which this replica does not hold what the server holds and which are pulled afresh now.
    pub mending: Vec<String>,
    /// Scopes in which this replica does not hold what the server holds, even pulled afresh.
    pub differing: Vec<String>,
}

impl Store {
    /// What to ask for next.
    pub fn pull_request(&self, limit: i64) -> Result<PullRequest, Fault> {
        // a scope that is pulled afresh goes on where that has come to, not where the old is
        let mut statement = self.connection.prepare_cached(
            "SELECT s.name, coalesce(f.epoch, s.epoch), coalesce(f.rev, s.rev)
             FROM scope s LEFT JOIN fresh_scope f ON f.name = s.name",
        )?;
        let cursors = statement.query_map([], |row| {
            Ok((row.get(0)?, Cursor { epoch: row.get(1)?, rev: row.get(2)? }))
        })?;
        Ok(PullRequest {
            device: self.device()?,
            answers_after: settings::answers_after(&self.connection)?,
            cursors: cursors.collect::<Result<BTreeMap<_, _>, _>>()?,
            // what has moved says so itself
            all_scopes: !(self.counted && self.compared),
            limit,
        })
    }

    /// Takes in a whole page, and notes that the server was heard. All of it is durable when this returns
    /// `Ok`, or none of it is.
    pub fn apply(&mut self, page: Vec<PullLine>, now: Timestamp) -> Result<Applied, Fault> {
        let count_anew = !self.counted;
        let applied = self.transact(|connection| {
            let mut taking = Taking::begin(connection, &page, now)?;
            for line in page {
                taking.line(line)?;
            }
            if taking.is_last {
                taking.finish(count_anew)?;
            }
            let applied = taking.applied;
            if applied.changed {
                outbox::replay(connection)?;
            }
            if !applied.more {
                settings::put_last_contact(connection, now)?;
            }
            Ok(applied)
        })?;
        self.counted |= !applied.more;
        // a scope that differs stays so until it is told again
        self.compared = !applied.more && applied.differing.is_empty();
        Ok(applied)
    }
}

/// A page being taken in.
struct Taking<'a> {
    connection: &'a Connection,
    now: Timestamp,
    applied: Applied,
    /// Nothing more is to come before all is compared.
    is_last: bool,
    /// Scopes that are pulled afresh, beside what is held of them.
    fresh: BTreeSet<String>,
    /// The server has been restored from a backup and this page is the first that shows it: its answers
    /// begin after a number that means nothing any more.
    restored: bool,
    answered: BTreeSet<CommandId>,
    /// Scopes that this page has changed, written when it ends.
    held: BTreeMap<String, Held>,
    current: BTreeMap<String, Digest>,
    revoked: Vec<String>,
}

/// A scope that is held: its number in this replica, and the digest of what is held of it.
struct Held {
    no: i64,
    digest: Digest,
}

impl<'a> Taking<'a> {
    /// Looks at the end of the page first: it tells which server this is.
    fn begin(connection: &'a Connection, page: &[PullLine], now: Timestamp) -> Result<Self, Fault> {
        let Some(PullLine::End { more, cursors }) = page.last() else {
            return Err(Fault::Malformed("page"));
        };
        let mut restored = false;
        if let Some(Cursor { epoch, .. }) = cursors.values().next() {
            let before = settings::epoch(connection)?;
            restored = before.as_ref().is_some_and(|before| before != epoch);
            if before.as_ref() != Some(epoch) {
                settings::put_epoch(connection, epoch)?;
            }
            if restored {
                settings::put_restored(connection, true)?;
                settings::put_answers_after(connection, 0)?;
            }
        }
        for (name, cursor) in cursors {
            if epoch_of(connection, name)?.is_some_and(|epoch| epoch != cursor.epoch) {
                fresh::begin(connection, name, &cursor.epoch)?;
            }
        }
        Ok(Self {
            connection,
            now,
            applied: Applied { more: *more || restored, ..Applied::default() },
            is_last: !more && !restored,
            fresh: fresh::scopes(connection)?,
            restored,
            answered: BTreeSet::new(),
            held: BTreeMap::new(),
            current: BTreeMap::new(),
            revoked: Vec::new(),
        })
    }

    fn line(&mut self, line: PullLine) -> Result<(), Fault> {
        let connection = self.connection;
        match line {
            PullLine::Put { scope, rev, kind, id, version, body } => {
                if self.fresh.contains(&scope) {
                    return fresh::put(connection, &scope, rev, &kind, id, version, body.get());
                }
                self.applied.changed = true;
                records::put(connection, Layer::Confirmed, &kind, id, version, body.get())?;
                self.show(&scope, &kind, id, Some(rev))?;
            }
            PullLine::Gone { scope, rev: _, kind, id } => {
                if self.fresh.contains(&scope) {
                    return fresh::gone(connection, &scope, &kind, id);
                }
                self.applied.changed = true;
                self.show(&scope, &kind, id, None)?;
                remove_if_unseen(connection, &kind, id)?;
            }
            PullLine::Scope { scope, state: ScopeState::Current, head: _, digest } => {
                self.current.insert(scope, digest);
            }
            PullLine::Scope { state: ScopeState::NeedsLevel, .. } => {}
            PullLine::Scope { scope, state: ScopeState::Revoked, .. } => self.revoked.push(scope),
            PullLine::Answer { no, command, refused } => {
                // they are told again, from the first on
                if !self.restored {
                    self.applied.changed = true;
                    answer(connection, command, refused.as_ref(), self.now)?;
                    settings::put_answers_after(connection, no)?;
                    self.answered.insert(command);
                }
            }
            PullLine::End { more: _, cursors } => {
                self.put_held()?;
                for (name, cursor) in &cursors {
                    if self.fresh.contains(name) {
                        fresh::put_cursor(connection, name, cursor)?;
                        continue;
                    }
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

    /// Makes a record visible in a scope at a revision, or invisible, and keeps the scope's digest.
    fn show(
        &mut self,
        scope: &str,
        kind: &str,
        id: RecordId,
        rev: Option<i64>,
    ) -> Result<(), Fault> {
        let connection = self.connection;
        if !self.held.contains_key(scope) {
            self.held.insert(scope.to_owned(), hold(connection, scope)?);
        }
        let Some(held) = self.held.get_mut(scope) else { return Ok(()) };
        let before: Option<i64> = connection
            .prepare_cached(
                "DELETE FROM membership WHERE scope = ?1 AND kind = ?2 AND id = ?3 RETURNING rev",
            )?
            .query_row(params![held.no, kind, id.0.as_bytes()], |row| row.get(0))
            .optional()?;
        if let Some(before) = before {
            held.digest = held.digest.without(scope, kind, id, before);
        }
        if let Some(rev) = rev {
            held.digest = held.digest.with(scope, kind, id, rev);
            let sql = "INSERT INTO membership (scope, kind, id, rev) VALUES (?1, ?2, ?3, ?4)";
            let values = params![held.no, kind, id.0.as_bytes(), rev];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Ok(())
    }

    /// Writes the digests of what this page has changed.
    fn put_held(&mut self) -> Result<(), Fault> {
        let sql = "UPDATE scope SET digest = ?2 WHERE no = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        for held in std::mem::take(&mut self.held).into_values() {
            statement.execute(params![held.no, held.digest.to_bytes()])?;
        }
        Ok(())
    }

    /// Everything is here, of one moment of the server.
    fn finish(&mut self, count_anew: bool) -> Result<(), Fault> {
        let connection = self.connection;
        let restored = settings::restored(connection)?;
        if restored {
            // before the server's new past takes the old one's place, so that what was written here and
            // is lost there stands in the window all the time
            decided::send_again(connection, &self.answered)?;
            settings::put_restored(connection, false)?;
            self.applied.changed = true;
        }
        let mut unseen = false;
        for name in std::mem::take(&mut self.revoked) {
            self.applied.changed |= leave(connection, &name, self.now, true)?;
            unseen |= erase(connection, &name)?;
        }
        if restored {
            for name in held_scopes(connection)? {
                if !self.current.contains_key(&name) {
                    // the restored server has not heard of it, and so says what becomes of what waits
                    leave(connection, &name, self.now, false)?;
                    unseen |= erase(connection, &name)?;
                }
            }
        }
        for name in fresh::scopes(connection)? {
            fresh::swap_in(connection, &name)?;
            unseen = true;
        }
        if unseen {
            self.applied.changed = true;
            records::remove_unseen(connection)?;
            // a file without the row that holds its key is noise
            records::forget_unseen_files(connection)?;
            search::words_have_gone(connection)?;
        }
        for (name, digest) in std::mem::take(&mut self.current) {
            if count_anew {
                count(connection, &name)?;
            }
            self.compare(name, digest)?;
        }
        left::bring_back(connection, self.now)?;
        decided::prune(connection, self.now)
    }

    /// Whether a scope holds what the server holds. If not it is pulled afresh, once.
    fn compare(&mut self, name: String, digest: Digest) -> Result<(), Fault> {
        let connection = self.connection;
        let row: Option<(i64, String)> = connection
            .prepare_cached("SELECT mended, epoch FROM scope WHERE name = ?1")?
            .query_row([&name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (mended, epoch) = row.unwrap_or_default();
        let now_mended = if digest_of(connection, &name)? == digest {
            0
        } else if mended == 0 {
            fresh::begin(connection, &name, &epoch)?;
            self.applied.more = true;
            self.applied.mending.push(name.clone());
            1
        } else {
            self.applied.differing.push(name.clone());
            2
        };
        if now_mended != mended {
            connection
                .prepare_cached("UPDATE scope SET mended = ?2 WHERE name = ?1")?
                .execute(params![name, now_mended])?;
        }
        Ok(())
    }
}

/// The person may no longer see a scope. What they sent stays in the outbox, and what they had begun is put
/// aside.
fn leave(
    connection: &Connection,
    name: &str,
    now: Timestamp,
    refuses: bool,
) -> Result<bool, Fault> {
    let held = connection.prepare_cached("SELECT 1 FROM scope WHERE name = ?1")?.exists([name])?;
    match name.parse::<Scope>() {
        Ok(scope) => {
            left::leave(connection, &scope, now)?;
            decided::leave(connection, &scope, held, refuses.then_some(now))
        }
        // nothing that this version writes is about it
        Err(_) => Ok(false),
    }
}

/// The epoch in which a scope is being pulled; `None` before its first page.
fn epoch_of(connection: &Connection, scope: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT coalesce((SELECT epoch FROM fresh_scope WHERE name = ?1), epoch)
               FROM scope WHERE name = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([scope], |row| row.get(0)).optional()?)
}

fn held_scopes(connection: &Connection) -> Result<Vec<String>, Fault> {
    let mut statement = connection.prepare_cached("SELECT name FROM scope")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Counts a scope's digest anew from what is really there. Written as the rows are, it would agree with the
/// server's whatever a disk or a fault has done to them since.
fn count(connection: &Connection, scope: &str) -> Result<(), Fault> {
    let mut digest = Digest::default();
    let mut statement = connection.prepare_cached(
        "SELECT m.kind, m.id, m.rev FROM membership m JOIN scope s ON s.no = m.scope
         WHERE s.name = ?1",
    )?;
    let mut rows = statement.query([scope])?;
    while let Some(row) = rows.next()? {
        let (kind, id): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let id = RecordId(crate::uuid(&id)?);
        if records::is_confirmed(connection, &kind, id)? {
            digest = digest.with(scope, &kind, id, row.get(2)?);
        }
    }
    connection
        .prepare_cached("UPDATE scope SET digest = ?2 WHERE name = ?1")?
        .execute(params![scope, digest.to_bytes()])?;
    Ok(())
}

/// Ends a command's wait. Only here does a command leave the overlay.
fn answer(
    connection: &Connection,
    command: CommandId,
    refused: Option<&Refusal>,
    now: Timestamp,
) -> Result<(), Fault> {
    // what the person did not write has nothing to tell them: only the newest of its lane that is done is
    // kept, for a server that loses it
    let quiet = "DELETE FROM outbox WHERE typed = 0 AND (
                   (id = ?1 AND ?2)
                   OR (state = 'received' AND lane = (SELECT lane FROM outbox WHERE id = ?1)
                       AND position < (SELECT position FROM outbox WHERE id = ?1)))";
    connection.prepare_cached(quiet)?.execute(params![command.0.as_bytes(), refused.is_some()])?;
    let state = if refused.is_some() { "refused" } else { "received" };
    let refused = refused.map(serde_json::to_string).transpose();
    connection
        .prepare_cached(
            "UPDATE outbox SET state = ?2, refused = ?3, decided_at = coalesce(decided_at, ?4),
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

/// A scope as it is held, made if it is not.
fn hold(connection: &Connection, name: &str) -> Result<Held, Fault> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO scope (name, epoch, rev, digest) VALUES (?1, '', 0, zeroblob(16))",
        )?
        .execute([name])?;
    let row = connection
        .prepare_cached("SELECT no, digest FROM scope WHERE name = ?1")?
        .query_row([name], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    Ok(Held { no: row.0, digest: Digest::from_bytes(&row.1) })
}

fn remove_if_unseen(connection: &Connection, kind: &str, id: RecordId) -> Result<(), Fault> {
    let seen = connection
        .prepare_cached("SELECT 1 FROM membership WHERE kind = ?1 AND id = ?2 LIMIT 1")?
        .exists(params![kind, id.0.as_bytes()])?;
    if seen { Ok(()) } else { records::remove(connection, kind, id) }
}

/// Lets go of all that is held of a scope.
fn erase(connection: &Connection, scope: &str) -> Result<bool, Fault> {
    fresh::forget(connection, scope)?;
    // with its memberships
    Ok(connection.execute("DELETE FROM scope WHERE name = ?1", [scope])? > 0)
}
