//! What there is to see before anything is opened: what needs the person, what is new, what has not gone.

use behorig_domain::{
    RecordId, Timestamp,
    cases::Event,
    contact::{ContactProposal, ProposalHandling},
    documents::{Document, Handling},
};
use rusqlite::params;

use crate::{CaseRow, DraftAt, Fault, Store, outbox::from_json, records, settings, uuid};

/// Up to when the person has seen what is new.
const SEEN: &str = "seen";
/// So much of what is new is shown; who has been away longer looks in the cases.
const NEWS_MOST: i64 = 50;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Every case, with what is to be done in it.
    pub cases: Vec<CaseRow>,
    /// Every text that is being written, but for messages and files: those the cases count.
    pub drafts: Vec<DraftAt>,
    /// What others have done since the person looked last, the newest first.
    pub news: Vec<News>,
    /// What was written here and has not come through.
    pub unsent: Unsent,
}

/// What has not come through, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsent {
    /// On this computer.
    pub queued: i64,
    /// At the server, and no answer yet.
    pub sent: i64,
    /// The server failed at it again and again.
    pub stuck: i64,
    /// Refused, and not written again.
    pub refused: i64,
}

/// What somebody else has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The case.
    pub case: RecordId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by_name: String,
    /// What.
    pub what: NewsOf,
}

/// What can be new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewsOf {
    /// Something happened in the case as a whole.
    Event(behorig_domain::cases::Happening),
    /// A document was found sufficient, or not.
    Document {
        /// Its row.
        row: RecordId,
        /// What the file is called.
        name: String,
        /// Which.
        accepted: bool,
    },
    /// A change of contact details is in force, or was refused.
    Contact {
        /// Which.
        accepted: bool,
    },
}

impl Store {
    /// What there is to see. What is older than `floor` is not new, whoever has looked.
    pub fn overview(&self, floor: Timestamp) -> Result<Overview, Fault> {
        let seen = settings::get(&self.connection, SEEN)?.and_then(|text| text.parse().ok());
        let since = seen.map_or(floor.millis(), |seen: i64| seen.max(floor.millis()));
        let drafts = self.all_drafts()?.into_iter();
        // messages are counted with their cases
        let drafts = drafts.filter(|(place, _)| !place.starts_with("case/")).map(|(_, at)| at);
        Ok(Overview {
            cases: self.cases()?,
            drafts: drafts.collect(),
            news: self.news(since)?,
            unsent: self.unsent()?,
        })
    }

    /// The person has seen what is new up to a time.
    pub fn put_seen(&mut self, up_to: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| settings::put(connection, SEEN, &up_to.millis().to_string()))
    }

    fn unsent(&self) -> Result<Unsent, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT state, count(*) FROM outbox
             WHERE typed = 1 AND state IN ('queued', 'sent', 'stuck', 'refused') GROUP BY state",
        )?;
        let mut rows = statement.query([])?;
        let mut unsent = Unsent::default();
        while let Some(row) = rows.next()? {
            let (state, count): (String, i64) = (row.get(0)?, row.get(1)?);
            match state.as_str() {
                "queued" => unsent.queued = count,
                "sent" => unsent.sent = count,
                "stuck" => unsent.stuck = count,
                _ => unsent.refused = count,
            }
        }
        Ok(unsent)
    }

    fn news(&self, since: i64) -> Result<Vec<News>, Fault> {
        // one's own acts are no news, and must not stand in the way of others'
        let own = settings::person(&self.connection)?.to_string();
        let since_text = records::time(since)?.to_string();
        let mut news =
            self.news_of(include_str!("events.sql"), params![since, NEWS_MOST, own], |_, body| {
                let event: Event = from_json(body)?;
                let Event { case, at, by_name, what, .. } = event;
                Ok(Some(News { case, at, by_name, what: NewsOf::Event(what) }))
            })?;
        let handled = params![since_text, NEWS_MOST, own];
        news.extend(self.news_of(include_str!("documents.sql"), handled, |_, body| {
            let Document { case, row, file, handling, .. } = from_json(body)?;
            let (by_name, at, accepted) = match handling {
                Handling::Accepted { by_name, at, .. } => (by_name, at, true),
                Handling::Refused { by_name, at, .. } => (by_name, at, false),
                Handling::Waiting | Handling::Replaced { .. } => return Ok(None),
            };
            let what = NewsOf::Document { row, name: file.name, accepted };
            Ok(Some(News { case, at, by_name, what }))
        })?);
        let decided = params![since_text, own];
        news.extend(self.news_of(include_str!("contacts.sql"), decided, |case, body| {
            let ContactProposal { handling, .. } = from_json(body)?;
            let (by_name, at, accepted) = match handling {
                ProposalHandling::Accepted { by_name, at, .. } => (by_name, at, true),
                ProposalHandling::Refused { by_name, at, .. } => (by_name, at, false),
                ProposalHandling::Waiting | ProposalHandling::Withdrawn { .. } => return Ok(None),
            };
            let case = RecordId(uuid(case)?);
            Ok(Some(News { case, at, by_name, what: NewsOf::Contact { accepted } }))
        })?);
        news.sort_by_key(|it| std::cmp::Reverse(it.at));
        news.truncate(usize::try_from(NEWS_MOST).unwrap_or_default());
        Ok(news)
    }

    fn news_of(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        mut read: impl FnMut(&[u8], &str) -> Result<Option<News>, Fault>,
    ) -> Result<Vec<News>, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut news = Vec::new();
        while let Some(row) = rows.next()? {
            let (case, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            // what a newer version wrote is its own to show
            if let Ok(Some(it)) = read(&case, &body) {
                news.push(it);
            }
        }
        Ok(news)
    }
}

#[cfg(test)]
mod tests;
