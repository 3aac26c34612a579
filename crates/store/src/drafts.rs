//! Text that is being written, and what it once was. Kept here, sent nowhere.

use behorig_domain::{RecordId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Fault, Store, left, records::time, settings};

/// So long a text is written over before what it was is kept: a history of thoughts, not of keys.
const KEPT_EVERY: i64 = 60_000;
/// What a text once was is kept so long: 30 days in milliseconds.
const KEPT_FOR: i64 = 30 * 24 * 3_600_000;
/// And of one place at most so many.
const KEPT_MOST: i64 = 50;

/// Text that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The conversation that it answers; `None` if it begins one.
    pub thread: Option<RecordId>,
    /// What it is to be; empty if none was picked.
    pub message_type: String,
    /// Exactly as typed.
    pub text: String,
    /// When it was last saved.
    pub saved_at: Timestamp,
}

/// What a text once was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftVersion {
    /// Its number.
    pub no: i64,
    /// Exactly as typed.
    pub text: String,
    /// When it was so.
    pub saved_at: Timestamp,
    /// Whether it was thrown away, rather than written over.
    pub discarded: bool,
}

/// A text at its place, with what it once was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptText {
    /// Where it is kept.
    pub place: String,
    /// What it is to be, or what is chosen beside it.
    pub message_type: String,
    /// Exactly as typed; empty if only earlier ones are left.
    pub text: String,
    /// When it was last saved.
    pub saved_at: Option<Timestamp>,
    /// What it once was, newest first.
    pub earlier: Vec<DraftVersion>,
}

/// Where the message that is being written in a case is kept, a new one or an answer.
pub fn draft_place(case: RecordId, thread: Option<RecordId>) -> String {
    match thread {
        None => format!("case/{case}"),
        Some(thread) => format!("case/{case}/thread/{thread}"),
    }
}

/// Where the reason for a document's refusal is kept while it is being written.
pub fn refusal_place(document: RecordId) -> String {
    format!("refusal/{document}")
}

/// Where the reason for lacking a row's document is kept while it is being written.
pub fn absence_place(row: RecordId) -> String {
    format!("absence/{row}")
}

/// Where a case's request for completion is kept while it is being written.
pub fn completion_place(case: RecordId) -> String {
    format!("completion/{case}")
}

/// Where the letter that decides a case is kept while it is being written.
pub fn decision_place(case: RecordId) -> String {
    format!("decision/{case}")
}

/// Where an examination's result is kept while it is being filled in.
pub fn exam_place(case: RecordId) -> String {
    format!("exam/{case}")
}

/// Where what a person wants to tell those who help with a service is kept while it is being written.
pub fn feedback_place(service: RecordId) -> String {
    format!("feedback/{service}")
}

pub(crate) fn get(connection: &Connection, place: &str) -> Result<Option<String>, Fault> {
    Ok(connection
        .prepare_cached("SELECT text FROM draft WHERE place = ?1")?
        .query_row([place], |row| row.get(0))
        .optional()?)
}

/// Keeps a text. What it replaces joins the earlier ones if the last of them is old enough.
pub(crate) fn put(
    connection: &Connection,
    place: &str,
    message_type: &str,
    text: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(kept_at) FROM draft_version WHERE place = ?1")?
        .query_row([place], |row| row.get(0))?;
    let due = last.is_none_or(|last| now.millis().saturating_sub(last) >= KEPT_EVERY);
    if let Some(before) = get(connection, place)?
        && before != text
        && (due || is_rewritten(&before, text))
    {
        keep(connection, place, false, now)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO draft (place, message_type, text, saved_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (place) DO UPDATE SET message_type = excluded.message_type,
               text = excluded.text, saved_at = excluded.saved_at",
        )?
        .execute(params![place, message_type, text, now.millis()])?;
    prune(connection, now)
}

/// Adds text below what is being written at a place.
pub(crate) fn append(
    connection: &Connection,
    place: &str,
    message_type: &str,
    text: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let text = match get(connection, place)? {
        Some(before) if !before.trim().is_empty() => format!("{before}\n\n{text}"),
        _ => text.to_owned(),
    };
    put(connection, place, message_type, &text, now)
}

/// Where it is kept how often that had been changed which a draft changes, when the draft was begun.
fn base_name(place: &str) -> String {
    format!("base/{place}")
}

/// Adds the text of a change that comes back from the outbox. What else has changed since it was begun is
/// still to be read.
pub(crate) fn append_change(
    connection: &Connection,
    place: &str,
    begun_from: u32,
    (title, text): (&str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    settings::put(connection, &base_name(place), &begun_from.to_string())?;
    append(connection, place, title, text, now)
}

/// A text is no draft any more: it is in the outbox, or thrown away.
pub(crate) fn end(connection: &Connection, place: &str) -> Result<(), Fault> {
    settings::remove(connection, &base_name(place))?;
    remove(connection, place)
}

/// A text is no draft here now. From what it was begun is remembered: it may come back.
pub(crate) fn remove(connection: &Connection, place: &str) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM draft WHERE place = ?1")?.execute([place])?;
    Ok(())
}

/// Whether less than half of a text stands unchanged at the beginning and the end of what replaces it.
pub(crate) fn is_rewritten(before: &str, after: &str) -> bool {
    let begins = before.bytes().zip(after.bytes()).take_while(|(one, two)| one == two).count();
    let ends =
        before.bytes().rev().zip(after.bytes().rev()).take_while(|(one, two)| one == two).count();
    begins.saturating_add(ends).saturating_mul(2) < before.len()
}

/// Lets a text join the earlier ones of its place.
fn keep(
    connection: &Connection,
    place: &str,
    discarded: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO draft_version (place, text, saved_at, kept_at, discarded)
             SELECT place, text, saved_at, ?3, ?2 FROM draft
             WHERE place = ?1 AND trim(text) <> ''",
        )?
        .execute(params![place, discarded, now.millis()])?;
    connection
        .prepare_cached(
            "DELETE FROM draft_version WHERE place = ?1 AND no <= (
               SELECT no FROM draft_version WHERE place = ?1
               ORDER BY no DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![place, KEPT_MOST])?;
    Ok(())
}

/// A text that was kept elsewhere joins the earlier ones of its place.
pub(crate) fn keep_earlier(
    connection: &Connection,
    place: &str,
    text: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO draft_version (place, text, saved_at, kept_at, discarded)
             VALUES (?1, ?2, ?3, ?3, 0)",
        )?
        .execute(params![place, text, now.millis()])?;
    Ok(())
}

/// Where something is being written.
pub(crate) fn places(connection: &Connection) -> Result<Vec<String>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT place FROM draft WHERE trim(text) <> ''")?;
    let places = statement.query_map([], |row| row.get(0))?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// Forgets what texts were long ago.
pub(crate) fn prune(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM draft_version WHERE kept_at < ?1")?
        .execute([now.millis().saturating_sub(KEPT_FOR)])?;
    Ok(())
}

impl Store {
    /// Keeps the change of something that is being written, and from which state of it that was begun: what is
    /// changed meanwhile, by somebody else or at another computer, is not to be written over unread.
    pub fn put_change(
        &mut self,
        place: &str,
        begun_from: u32,
        (title, text): (&str, &str),
        now: Timestamp,
    ) -> Result<bool, Fault> {
        self.transact(|connection| {
            settings::put(connection, &base_name(place), &begun_from.to_string())?;
            put(connection, place, title, text, now)?;
            Ok(!left::put_aside_if_gone(connection, place, true, now)?)
        })
    }

    /// How often that had been changed when its change was begun which is being written at a place.
    pub(crate) fn begun_from(&self, place: &str) -> Result<Option<u32>, Fault> {
        let changes = settings::get(&self.connection, &base_name(place))?;
        Ok(changes.and_then(|changes| changes.parse().ok()))
    }

    /// The text being written at a place.
    pub fn draft(&self, place: &str) -> Result<Option<String>, Fault> {
        get(&self.connection, place)
    }

    /// The text being written at a place, with what it is to be.
    pub fn typed_draft(&self, place: &str) -> Result<Option<(String, String)>, Fault> {
        Ok(self
            .connection
            .prepare_cached("SELECT message_type, text FROM draft WHERE place = ?1")?
            .query_row([place], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// The messages being written in a case.
    pub fn drafts(&self, case: RecordId) -> Result<Vec<Draft>, Fault> {
        let new = draft_place(case, None);
        let mut statement = self.connection.prepare_cached(
            "SELECT place, message_type, text, saved_at FROM draft
             WHERE place = ?1 OR substr(place, 1, length(?1) + 8) = ?1 || '/thread/'
             ORDER BY saved_at DESC",
        )?;
        let mut rows = statement.query([&new])?;
        let mut drafts = Vec::new();
        while let Some(row) = rows.next()? {
            let place: String = row.get(0)?;
            let thread = match place.rsplit_once("/thread/") {
                None => None,
                Some((_, id)) => Some(id.parse().map_err(|_| Fault::Malformed("draft"))?),
            };
            drafts.push(Draft {
                thread,
                message_type: row.get(1)?,
                text: row.get(2)?,
                saved_at: time(row.get(3)?)?,
            });
        }
        Ok(drafts)
    }

    /// Every text that is being written, or once was.
    pub fn texts(&self) -> Result<Vec<KeptText>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT p.place, coalesce(d.message_type, ''), coalesce(d.text, ''), d.saved_at
             FROM (SELECT place FROM draft UNION SELECT place FROM draft_version) p
             LEFT JOIN draft d ON d.place = p.place ORDER BY p.place",
        )?;
        let mut rows = statement.query([])?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next()? {
            let (place, saved_at): (String, Option<i64>) = (row.get(0)?, row.get(3)?);
            texts.push(KeptText {
                earlier: self.draft_versions(&place)?,
                place,
                message_type: row.get(1)?,
                text: row.get(2)?,
                saved_at: saved_at.map(time).transpose()?,
            });
        }
        Ok(texts)
    }

    /// Keeps the text being written at a place. `false` if its case is no longer here: then it is put aside,
    /// where the person finds it.
    pub fn put_draft(
        &mut self,
        place: &str,
        message_type: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        self.transact(|connection| {
            put(connection, place, message_type, text, now)?;
            Ok(!left::put_aside_if_gone(connection, place, true, now)?)
        })
    }

    /// Throws the text being written at a place away. It joins the earlier ones.
    pub fn discard_draft(&mut self, place: &str, now: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| {
            keep(connection, place, true, now)?;
            end(connection, place)
        })
    }

    /// What the text at a place once was, newest first.
    pub fn draft_versions(&self, place: &str) -> Result<Vec<DraftVersion>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT no, text, saved_at, discarded FROM draft_version
             WHERE place = ?1 ORDER BY no DESC",
        )?;
        let mut rows = statement.query([place])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            versions.push(DraftVersion {
                no: row.get(0)?,
                text: row.get(1)?,
                saved_at: time(row.get(2)?)?,
                discarded: row.get(3)?,
            });
        }
        Ok(versions)
    }

    /// Brings an earlier text of a place back; the one that stands there joins the earlier ones. `false`
    /// if there is no such version.
    pub fn restore_draft(&mut self, place: &str, no: i64, now: Timestamp) -> Result<bool, Fault> {
        self.transact(|connection| {
            let text: Option<String> = connection
                .prepare_cached("SELECT text FROM draft_version WHERE place = ?1 AND no = ?2")?
                .query_row(params![place, no], |row| row.get(0))
                .optional()?;
            let Some(text) = text else { return Ok(false) };
            keep(connection, place, false, now)?;
            let message_type: Option<String> = connection
                .prepare_cached("SELECT message_type FROM draft WHERE place = ?1")?
                .query_row([place], |row| row.get(0))
                .optional()?;
            put(connection, place, &message_type.unwrap_or_default(), &text, now)?;
            Ok(true)
        })
    }
}
