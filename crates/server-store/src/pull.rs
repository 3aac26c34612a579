//! What is new for a replica, page by page, each page from one snapshot.

use std::collections::BTreeMap;

use behorig_domain::{CommandId, PersonId, RecordId, Timestamp};
use behorig_protocol::{Cursor, Digest, PullLine, PullRequest, ScopeState, write_line};
use rusqlite::{Connection, params};
use serde_json::value::RawValue;

use crate::{Fault, Store, accounts, records};

/// Most records in a page, whatever the client asks.
const PAGE_MAX: i64 = 2_000;
/// A page with so many bytes takes no more records. Far below what a client takes, since the last of them,
/// the scopes and the answers come on top.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

impl Store {
    /// Writes one page. The page that is the last one also says how the scopes stand, all or those that have
    /// moved, and tells every answer that the replica has not confirmed, all from the same snapshot.
    pub fn pull(
        &mut self,
        person: PersonId,
        request: &PullRequest,
        now: Timestamp,
    ) -> Result<Vec<u8>, Fault> {
        let epoch = self.epoch()?;
        let snapshot = self.connection.transaction()?;
        let memberships = accounts::memberships(&snapshot, person, now)?;
        let heads = records::heads_of(&snapshot, person)?;
        let mut page = Page {
            out: Vec::new(),
            left: request.limit.clamp(1, PAGE_MAX),
            cursors: BTreeMap::new(),
        };
        let mut told = Vec::new();
        for membership in memberships {
            let scope = membership.scope.to_string();
            let cursor = request.cursors.get(&scope);
            if !membership.current {
                // nothing of it is told, not even how much there is
                if request.all_scopes || cursor.is_some() {
                    told.push((scope, ScopeState::Revoked, 0, Digest::default()));
                }
                continue;
            }
            let from = cursor.filter(|cursor| cursor.epoch == epoch).map(|cursor| cursor.rev);
            let known = heads.get(&scope).copied();
            if known.is_none() && cursor.is_none() {
                // nothing has ever been in it, and the replica does not know of it
                continue;
            }
            let (head, digest) = known.unwrap_or_default();
            let moved = from.is_none_or(|from| from != head);
            if moved {
                let rev = page.records(&snapshot, &scope, from.unwrap_or_default())?;
                page.cursors.insert(scope.clone(), Cursor { epoch: epoch.clone(), rev });
            }
            if moved || request.all_scopes {
                told.push((scope, ScopeState::Current, head, digest));
            }
        }
        let more = page.left < 0;
        if !more {
            for (scope, state, head, digest) in told {
                write_line(&mut page.out, &PullLine::Scope { scope, state, head, digest });
            }
            page.answers(&snapshot, person, request.answers_after)?;
        }
        write_line(&mut page.out, &PullLine::End { more, cursors: page.cursors });
        Ok(page.out)
    }
}

struct Page {
    out: Vec<u8>,
    /// Records that still fit by their number; below zero once one did not fit.
    left: i64,
    cursors: BTreeMap<String, Cursor>,
}

impl Page {
    /// Adds a scope's records after `from`. Gives the revision that the page reaches.
    fn records(&mut self, connection: &Connection, name: &str, from: i64) -> Result<i64, Fault> {
        let mut reached = from;
        if self.left < 0 {
            return Ok(reached);
        }
        let mut statement = connection.prepare_cached(
            "SELECT v.rev, v.kind, v.id, v.gone, r.version, r.body
             FROM visibility v LEFT JOIN record r ON r.kind = v.kind AND r.id = v.id
             WHERE v.scope = ?1 AND v.rev > ?2 ORDER BY v.rev LIMIT ?3",
        )?;
        // one more than fits tells whether there is more
        let mut rows = statement.query(params![name, from, self.left.saturating_add(1)])?;
        while let Some(row) = rows.next()? {
            self.left = if self.out.len() < PAGE_BYTES { self.left.saturating_sub(1) } else { -1 };
            if self.left < 0 {
                break;
            }
            let (rev, kind): (i64, String) = (row.get(0)?, row.get(1)?);
            let id: Vec<u8> = row.get(2)?;
            let id = RecordId(records::uuid(&id)?);
            let gone: bool = row.get(3)?;
            let line = if gone {
                PullLine::Gone { scope: name.to_owned(), rev, kind, id }
            } else {
                let body = RawValue::from_string(row.get(5)?);
                let body = body.map_err(|_| Fault::Malformed("record"))?;
                PullLine::Put { scope: name.to_owned(), rev, kind, id, version: row.get(4)?, body }
            };
            write_line(&mut self.out, &line);
            reached = rev;
        }
        Ok(reached)
    }

    fn answers(
        &mut self,
        connection: &Connection,
        person: PersonId,
        after: i64,
    ) -> Result<(), Fault> {
        let mut statement = connection.prepare_cached(
            "SELECT answer_no, id, refused FROM command
             WHERE person = ?1 AND answer_no > ?2 ORDER BY answer_no",
        )?;
        let mut rows = statement.query(params![person.0.as_bytes(), after])?;
        while let Some(row) = rows.next()? {
            let command: Vec<u8> = row.get(1)?;
            let refused: Option<String> = row.get(2)?;
            let refused = refused
                .map(|refused| serde_json::from_str(&refused))
                .transpose()
                .map_err(|_| Fault::Malformed("rejection"))?;
            let command = CommandId(records::uuid(&command)?);
            write_line(&mut self.out, &PullLine::Answer { no: row.get(0)?, command, refused });
        }
        Ok(())
    }
}
