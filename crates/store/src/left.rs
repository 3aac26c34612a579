//! What was being written or picked when its case left this replica: kept readable for a while, sent nowhere. If
//! the case comes back, so does what was begun in it.

use behorig_domain::{
    FileId, Kind, Read, RecordId, RecordRef, Scope, Timestamp, cases::Case, contact::Contact,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use crate::{
    Fault, Store,
    decided::READABLE_FOR,
    drafts, files,
    outbox::from_json,
    records::{self, time},
    uuid,
};

/// What was removed can be had back so long, in milliseconds: while the window offers it.
const REMOVED_FOR: i64 = 10 * 60_000;

/// In the name of a place that another text has taken since: after the place's own.
const EARLIER: &str = "/earlier/";

/// What it was to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftKind {
    /// A message.
    Message,
    /// The letter that decides a case.
    Decision,
    /// How an examination went.
    Exam,
    /// A request for completion.
    Completion,
    /// A note.
    Note,
    /// The change of a note.
    NoteChange,
    /// The reason for refusing a document, or a reason for lacking one.
    Refusal,
    /// The reason for lacking a document.
    Absence,
    /// Other contact details.
    Contact,
    /// The reason for refusing other contact details.
    ContactRefusal,
    /// A file that was picked.
    File,
}

/// Something that was begun in a case that is no longer here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Where it was being written: its name here.
    pub place: String,
    /// What it was to be.
    pub kind: LeftKind,
    /// The case's registry number; empty if that is not known.
    pub number: String,
    /// The case's title; empty if that is not known.
    pub title: String,
    /// As typed; of a file, what was said of it.
    pub text: String,
    /// The file and its name.
    pub file: Option<(FileId, String)>,
    /// When the case left, or when it was written after that.
    pub left_at: Timestamp,
}

impl Left {
    /// When it is erased.
    pub fn erased_at(&self) -> Option<Timestamp> {
        Timestamp::from_millis(self.left_at.millis().saturating_add(READABLE_FOR))
    }
}

/// What a place is for, and what it belongs to; `None` for one that belongs to no case.
pub(crate) fn parts(place: &str) -> Option<(LeftKind, RecordId)> {
    let (what, rest) = place.split_once('/')?;
    let kind = match what {
        "case" => LeftKind::Message,
        "decision" => LeftKind::Decision,
        "exam" => LeftKind::Exam,
        "completion" => LeftKind::Completion,
        "note" => LeftKind::Note,
        "note-change" => LeftKind::NoteChange,
        "refusal" => LeftKind::Refusal,
        "absence" => LeftKind::Absence,
        "contact" => LeftKind::Contact,
        "contact-refusal" => LeftKind::ContactRefusal,
        "file" => LeftKind::File,
        _ => return None,
    };
    let id = rest.split_once('/').map_or(rest, |(id, _)| id);
    Some((kind, id.parse().ok()?))
}

/// The case that a place belongs to, as far as what is here tells.
fn case_of(
    connection: &Connection,
    kind: LeftKind,
    id: RecordId,
) -> Result<Option<RecordId>, Fault> {
    let sql = match kind {
        LeftKind::Message
        | LeftKind::Decision
        | LeftKind::Exam
        | LeftKind::Completion
        | LeftKind::Note => "SELECT id FROM \"case\" WHERE id = ?1",
        LeftKind::NoteChange => {
            "SELECT unhex(replace(json_extract(body, '$.case'), '-', '')) FROM other
             WHERE kind = 'note' AND id = ?1"
        }
        LeftKind::Absence => "SELECT case_id FROM document_row WHERE id = ?1",
        LeftKind::Refusal => {
            "SELECT case_id FROM document WHERE id = ?1
             UNION ALL
             SELECT r.case_id FROM document_row r, json_each(r.body, '$.explanations') e
             WHERE unhex(replace(json_extract(e.value, '$.id'), '-', '')) = ?1"
        }
        LeftKind::File => "SELECT case_id FROM file WHERE id = ?1",
        LeftKind::Contact | LeftKind::ContactRefusal => return Ok(None),
    };
    let case: Option<Vec<u8>> = connection
        .prepare_cached(&format!("{sql} LIMIT 1"))?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    case.map(|case| Ok(RecordId(uuid(&case)?))).transpose()
}

fn is_within(connection: &Connection, place: &str, scope: &Scope) -> Result<bool, Fault> {
    let Some((kind, id)) = parts(place) else { return Ok(false) };
    Ok(match scope {
        Scope::Case(_, case) => case_of(connection, kind, id)? == Some(*case),
        Scope::Client(issuer, person) => {
            let of_contact = matches!(kind, LeftKind::Contact | LeftKind::ContactRefusal);
            of_contact && id == Contact::at(*issuer, *person).id
        }
        _ => false,
    })
}

/// The texts that are being written within a scope.
pub(crate) fn texts_in(connection: &Connection, scope: &Scope) -> Result<Vec<String>, Fault> {
    let mut within = Vec::new();
    for place in drafts::places(connection)? {
        if is_within(connection, &place, scope)? {
            within.push(place);
        }
    }
    Ok(within)
}

/// What people call a case.
#[derive(Default)]
struct Called {
    case: Option<RecordId>,
    number: String,
    title: String,
}

impl From<(RecordId, Case)> for Called {
    fn from((id, Case { number, title, .. }): (RecordId, Case)) -> Self {
        Self { case: Some(id), number, title }
    }
}

/// A case through which the person had to do with what a scope shows.
fn called(connection: &Connection, scope: &Scope) -> Result<Option<Called>, Fault> {
    let row: Option<(Vec<u8>, String)> = match scope {
        Scope::Case(_, id) => connection
            .prepare_cached(
                "SELECT id, body FROM \"case\" WHERE id = ?1 ORDER BY forecast DESC LIMIT 1",
            )?
            .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?,
        Scope::Client(issuer, person) => connection
            .prepare_cached(
                "SELECT id, body FROM \"case\" WHERE json_extract(body, '$.issuer') = ?1
                   AND json_extract(body, '$.holder.person') = ?2
                 ORDER BY number DESC LIMIT 1",
            )?
            .query_row([issuer.to_string(), person.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?,
        _ => None,
    };
    let Some((id, body)) = row else { return Ok(None) };
    Ok(Some(Called::from((RecordId(uuid(&id)?), from_json(&body)?))))
}

/// The person may no longer see a scope, whose records are still here. What they were writing there, or had
/// picked and not sent, is put aside.
pub(crate) fn leave(connection: &Connection, scope: &Scope, now: Timestamp) -> Result<(), Fault> {
    let Some(called) = called(connection, scope)? else { return Ok(()) };
    for place in texts_in(connection, scope)? {
        put_aside(connection, &place, &called, false, now)?;
    }
    if let Scope::Case(_, case) = scope {
        put_files_aside(connection, *case, &called, now)?;
    }
    Ok(())
}

fn put_files_aside(
    connection: &Connection,
    case: RecordId,
    called: &Called,
    now: Timestamp,
) -> Result<(), Fault> {
    for (file, note) in files::take_picked(connection, case)? {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO left_work
                   (place, case_id, number, title, message_type, text, file, left_at)
                 VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?7)",
            )?
            .execute(params![
                format!("file/{file}"),
                case.0.as_bytes(),
                called.number,
                called.title,
                note,
                file.0.as_bytes(),
                now.millis(),
            ])?;
    }
    Ok(())
}

/// Puts the text at a place aside. Another that was put aside from there stays beside it, unless the text is
/// what became of it in a window that is still open.
fn put_aside(
    connection: &Connection,
    place: &str,
    called: &Called,
    is_typing: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    let before: Option<String> = connection
        .prepare_cached("SELECT text FROM left_work WHERE place = ?1")?
        .query_row([place], |row| row.get(0))
        .optional()?;
    let text = drafts::get(connection, place)?.unwrap_or_default();
    let goes_on = |before: &str| {
        before == text
            || before.trim().is_empty()
            || is_typing && !drafts::is_rewritten(before, &text)
    };
    if before.is_some_and(|before| !goes_on(&before)) && !text.trim().is_empty() {
        let beside = format!("{place}{EARLIER}{}", Uuid::now_v7());
        connection
            .prepare_cached("UPDATE left_work SET place = ?2 WHERE place = ?1")?
            .execute([place, &beside])?;
    }
    let Called { case, number, title } = called;
    let case = case.map(|case| *case.0.as_bytes());
    connection
        .prepare_cached(
            "INSERT INTO left_work (place, case_id, number, title, message_type, text, left_at)
             SELECT place, ?2, ?3, ?4, message_type, text, ?5 FROM draft
             WHERE place = ?1 AND trim(text) <> ''
             ON CONFLICT (place) DO UPDATE SET message_type = excluded.message_type,
               text = excluded.text, left_at = excluded.left_at, removed_at = NULL",
        )?
        .execute(params![place, case, number, title, now.millis()])?;
    drafts::remove(connection, place)
}

/// A text has been kept at a place. If what it belongs to is no longer here, nobody would find it there: the
/// window may still have been open when the case left. Not before the first pull: then nothing is here.
pub(crate) fn put_aside_if_gone(
    connection: &Connection,
    place: &str,
    is_typing: bool,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some((kind, id)) = parts(place) else { return Ok(false) };
    let is_here = match kind {
        LeftKind::Contact | LeftKind::ContactRefusal => {
            let at = RecordRef { kind: Kind::Contact, id };
            matches!(records::read(connection, at)?, Read::Found(_))
        }
        _ => case_of(connection, kind, id)?.is_some(),
    };
    if is_here || !has_pulled(connection)? {
        return Ok(false);
    }
    let called = called_before(connection, place, id)?;
    put_aside(connection, place, &called, is_typing, now)?;
    Ok(true)
}

fn has_pulled(connection: &Connection) -> Result<bool, Fault> {
    Ok(connection.prepare_cached("SELECT 1 FROM scope")?.exists([])?)
}

/// What was put aside with something says of which case it is.
fn called_before(connection: &Connection, place: &str, id: RecordId) -> Result<Called, Fault> {
    let called = connection
        .prepare_cached(
            "SELECT case_id, number, title FROM left_work WHERE place = ?1 OR case_id = ?2 LIMIT 1",
        )?
        .query_row(params![place, id.0.as_bytes()], |row| {
            Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(match called {
        Some((case, number, title)) => {
            let case = case.map(|case| Ok::<_, Fault>(RecordId(uuid(&case)?))).transpose()?;
            Called { case, number, title }
        }
        None => Called::default(),
    })
}

/// The same for every text and file: one may have been taken back out of the outbox.
pub(crate) fn put_aside_gone(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    for place in drafts::places(connection)? {
        put_aside_if_gone(connection, &place, false, now)?;
    }
    if !has_pulled(connection)? {
        return Ok(());
    }
    for case in files::cases_gone(connection)? {
        put_files_aside(connection, case, &called_before(connection, "", case)?, now)?;
    }
    Ok(())
}

/// What was put aside takes its place again when its case has come back; what stood there before it joins the
/// earlier ones.
pub(crate) fn bring_back(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT place, message_type, text, file FROM left_work l
         WHERE removed_at IS NULL
           AND EXISTS (SELECT 1 FROM \"case\" c WHERE c.id = l.case_id AND c.forecast = 0)
           AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.place = l.place AND trim(d.text) <> '')",
    )?;
    type Row = (String, String, String, Option<Vec<u8>>);
    let back = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<Vec<Row>, _>>()?;
    for (place, message_type, text, file) in back {
        match (file, place.split_once(EARLIER)) {
            (Some(file), _) => files::picked_again(connection, FileId(uuid(&file)?), &text)?,
            (None, Some((place, _))) => drafts::keep_earlier(connection, place, &text, now)?,
            (None, None) => drafts::put(connection, &place, &message_type, &text, now)?,
        }
        connection.prepare_cached("DELETE FROM left_work WHERE place = ?1")?.execute([place])?;
    }
    Ok(())
}

/// Erases what has been readable long enough, or was removed, with what it once was.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    let old = |kept_for| now.millis().saturating_sub(kept_for);
    let gone = connection
        .prepare_cached(
            "DELETE FROM left_work WHERE left_at < ?1 OR removed_at < ?2 RETURNING place, file",
        )?
        .query_map([old(READABLE_FOR), old(REMOVED_FOR)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(String, Option<Vec<u8>>)>, _>>()?;
    for (place, file) in gone {
        connection
            .prepare_cached("DELETE FROM draft_version WHERE place = ?1")?
            .execute([place])?;
        // without the row that holds its key a file is noise
        let sql = "DELETE FROM file WHERE id = ?1 AND state = 'left'";
        connection.prepare_cached(sql)?.execute([file])?;
    }
    Ok(())
}

impl Store {
    /// What was begun in cases that are no longer here, the latest first.
    pub fn left(&self) -> Result<Vec<Left>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT l.place, l.number, l.title, l.text, l.left_at, f.id, f.name
             FROM left_work l LEFT JOIN file f ON f.id = l.file
             WHERE l.removed_at IS NULL ORDER BY l.left_at DESC, l.place",
        )?;
        let mut rows = statement.query([])?;
        let mut left = Vec::new();
        while let Some(row) = rows.next()? {
            let place: String = row.get(0)?;
            let (kind, _) = parts(&place).ok_or(Fault::Malformed("place"))?;
            let (file, name): (Option<Vec<u8>>, Option<String>) = (row.get(5)?, row.get(6)?);
            let file = file.map(|id| Ok::<_, Fault>(FileId(uuid(&id)?))).transpose()?;
            left.push(Left {
                place,
                kind,
                number: row.get(1)?,
                title: row.get(2)?,
                text: row.get(3)?,
                file: file.zip(name),
                left_at: time(row.get(4)?)?,
            });
        }
        Ok(left)
    }

    /// Removes something that was begun, or gives it back a moment later. `false` if it is not there.
    pub fn remove_left(&mut self, place: &str, removed: Option<Timestamp>) -> Result<bool, Fault> {
        self.transact(|connection| {
            let sql = "UPDATE left_work SET removed_at = ?2 WHERE place = ?1";
            let removed = removed.map(Timestamp::millis);
            Ok(connection.execute(sql, params![place, removed])? == 1)
        })
    }
}
