//! What the index holds: the words of what has come or changed go in, those of what has gone leave it. Both a
//! little at a time, when there is nothing else to do.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{Fault, Store, settings};

/// So many at a time: one look or letter that is typed meanwhile waits no longer than they take.
const SOME: i64 = 500;
/// So many fit in one millisecond's place in the index.
const AT_ONE_MOMENT: i64 = 4_096;

/// What is to be found by which words.
struct Finding {
    kind: String,
    id: Vec<u8>,
    forecast: i64,
    /// When it was written, and its words; `None` if it is not to be found any more.
    words: Option<(i64, String)>,
}

/// What is done so that words of what has gone leave the index, if there are any.
const LEAVING: &str = "words_leaving";
const TO_BEGIN: &str = "to_begin";
const BEGUN: &str = "begun";
/// So many pages of the index are written anew at once: a few milliseconds, however many messages there are.
const PAGES_AT_ONCE: i64 = 16;

/// The index only marks what has gone. Its words are left out a little at a time, by [`Store::leave_words_out`]:
/// all at once takes seconds in a large replica, and nothing else could be done in it meanwhile.
pub(crate) fn words_have_gone(connection: &Connection) -> Result<(), Fault> {
    settings::put(connection, LEAVING, TO_BEGIN)
}

impl Store {
    /// Puts some of what has come or changed into the index, the oldest arrivals first. Gives how much is left,
    /// at most: what came twice is counted twice.
    pub fn index_some(&self) -> Result<u64, Fault> {
        let (first, last): (Option<i64>, Option<i64>) = self.connection.query_row(
            "SELECT (SELECT min(no) FROM to_index), (SELECT max(no) FROM to_index)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (Some(first), Some(last)) = (first, last) else { return Ok(0) };
        let end = first.saturating_add(SOME);
        let transaction = self.connection.unchecked_transaction()?;
        {
            let mut findings = Vec::new();
            let mut come = transaction
                .prepare_cached("SELECT DISTINCT kind, id, forecast FROM to_index WHERE no < ?1")?;
            let mut words = transaction.prepare_cached(
                // a newer server may say it in another shape: that is found by less, and keeps nothing else
                // from being found
                "SELECT coalesce(at, 0), CAST(text AS TEXT) FROM finding
                 WHERE kind = ?1 AND id = ?2 AND forecast = ?3 AND text IS NOT NULL",
            )?;
            let mut rows = come.query([end])?;
            while let Some(row) = rows.next()? {
                let (kind, id, forecast) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let of = params![kind, id, forecast];
                let words = words.query_row(of, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                findings.push(Finding { kind, id, forecast, words });
            }
            // FTS5 writes a part of the index for every one that is older than the one before it
            findings.sort_by_key(|finding| finding.words.as_ref().map_or(0, |(at, _)| *at));
            for finding in findings {
                put(&transaction, &finding)?;
            }
            transaction.prepare_cached("DELETE FROM to_index WHERE no < ?1")?.execute([end])?;
        }
        transaction.commit()?;
        Ok(u64::try_from(last.saturating_sub(end).saturating_add(1)).unwrap_or(0))
    }

    /// Writes a little of the index anew without the words of what has gone from here. `false` once none are left.
    pub fn leave_words_out(&mut self) -> Result<bool, Fault> {
        let Some(stage) = settings::get(&self.connection, LEAVING)? else { return Ok(false) };
        self.transact(|connection| {
            // a negative number begins: everything is to come into one piece, which each further step goes on with
            let pages = if stage == TO_BEGIN { -PAGES_AT_ONCE } else { PAGES_AT_ONCE };
            let before = connection.total_changes();
            connection
                .prepare_cached("INSERT INTO found_text (found_text, rank) VALUES ('merge', ?1)")?
                .execute([pages])?;
            // the statement itself counts as one
            if connection.total_changes().saturating_sub(before) < 2 {
                settings::remove(connection, LEAVING)?;
                return Ok(false);
            }
            settings::put(connection, LEAVING, BEGUN)?;
            Ok(true)
        })
    }
}

fn put(connection: &Connection, finding: &Finding) -> Result<(), Fault> {
    let Finding { kind, id, forecast, words } = finding;
    let sql = "DELETE FROM found WHERE id = ?1 AND kind = ?2 AND forecast = ?3";
    connection.prepare_cached(sql)?.execute(params![id, kind, forecast])?;
    let Some((at, text)) = words else { return Ok(()) };
    // far before and after any life, a time has no place of its own
    let first = (*at).clamp(0, i64::MAX / (2 * AT_ONE_MOMENT)).saturating_mul(AT_ONE_MOMENT);
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(no) FROM found WHERE no BETWEEN ?1 AND ?2")?
        .query_row([first, first.saturating_add(AT_ONE_MOMENT - 1)], |row| row.get(0))?;
    let no = match last {
        None => first,
        Some(last) if last < first.saturating_add(AT_ONE_MOMENT - 1) => last.saturating_add(1),
        // so many at one moment do not happen; they are found all the same
        Some(_) => {
            connection.query_row("SELECT max(no) + 1 FROM found", [], |row| row.get::<_, i64>(0))?
        }
    };
    connection
        .prepare_cached("INSERT INTO found (no, kind, id, forecast) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![no, kind, id, forecast])?;
    connection
        .prepare_cached("INSERT INTO found_text (rowid, kind, text) VALUES (?1, ?2, ?3)")?
        .execute(params![no, kind, text])?;
    Ok(())
}
