//! Looking for words in everything that the replica holds. What is found by what stands in `index.sql`; here
//! stands how it is asked for, and what a hit is shown by and leads to.

mod hit;
mod indexing;

use behorig_domain::{CommandId, RecordId, Timestamp, cases::Case, documents::DocumentRow};
use rusqlite::params;

pub(crate) use self::indexing::words_have_gone;
use crate::{Fault, Store, outbox::from_json, uuid};

/// So many words are looked for; who types more has pasted something.
const WORDS_MAX: usize = 12;
/// Of a word, so many letters.
const LETTERS_MAX: usize = 40;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoundKind {
    /// A case.
    Case,
    /// What a body holds on a person.
    Person,
    /// A certificate.
    Certificate,
    /// A document that a case asks for.
    Row,
    /// A document that was sent in.
    Document,
    /// A message.
    Message,
    /// A proposed change of contact details.
    Proposal,
    /// A letter that is to be posted.
    Letter,
    /// A note that officers keep on a case.
    Note,
    /// A text that officers share.
    Template,
    /// Text that is being written.
    Draft,
    /// What was written here and is not received.
    Outbox,
}

impl FoundKind {
    /// All of them, in the order in which people look.
    pub const ALL: [Self; 12] = [
        Self::Case,
        Self::Person,
        Self::Certificate,
        Self::Row,
        Self::Document,
        Self::Message,
        Self::Proposal,
        Self::Letter,
        Self::Note,
        Self::Template,
        Self::Draft,
        Self::Outbox,
    ];

    /// Its name in the index.
    fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Person => "person",
            Self::Certificate => "certificate",
            Self::Row => "row",
            Self::Document => "document",
            Self::Message => "message",
            Self::Proposal => "proposal",
            Self::Letter => "letter",
            Self::Note => "note",
            Self::Template => "template",
            Self::Draft => "draft",
            Self::Outbox => "outbox",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where something that was found stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundAt {
    /// In a case as a whole.
    Case,
    /// In what the body holds on the person whose case it is.
    Contact,
    /// In a conversation; `None` in a new one.
    Thread(Option<RecordId>),
    /// Among the documents that the case asks for.
    Row(RecordId),
    /// Where a case is decided.
    Decision,
    /// Where one applies.
    Application,
    /// Among the notes on a case.
    Notes,
    /// Among the texts that officers share.
    Templates,
    /// Among the letters that are to be posted.
    Post,
    /// In the outbox.
    Outbox(CommandId),
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its place among all that can be found: a newer one has a higher.
    pub no: i64,
    /// What it is.
    pub kind: FoundKind,
    /// The case that it stands in, if it does.
    pub case: Option<(RecordId, Case)>,
    /// Where it stands.
    pub at: FoundAt,
    /// What it is called or who wrote it; empty if the case says enough.
    pub title: String,
    /// What the words stand in.
    pub text: String,
    /// When it was written or made.
    pub when: Option<Timestamp>,
}

/// Where a text that is being written belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftAt {
    /// The case; `None` for an application.
    pub case: Option<(RecordId, Case)>,
    /// Where in it.
    pub at: FoundAt,
}

/// Some of what was found of a kind, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundGroup {
    /// What it is.
    pub kind: FoundKind,
    /// The newest.
    pub hits: Vec<Found>,
    /// Whether there are more.
    pub more: bool,
}

/// The words that are looked for. Whatever else is typed, signs and operators, only parts them.
pub fn words_of(text: &str) -> Vec<String> {
    let plain = |c: &char| !('\u{300}'..='\u{36f}').contains(c);
    let text: String = text.chars().filter(plain).collect();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(|word| word.chars().take(LETTERS_MAX).collect())
        .collect()
}

/// A full-text query for all of these words, each of which may go on.
fn beginnings(kind: &str, words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("\"{word}\" *")).collect();
    format!("{kind} AND text : ({})", words.join(" AND "))
}

/// A row of the index.
struct Entry {
    no: i64,
    kind: FoundKind,
    id: Vec<u8>,
}

impl Store {
    /// Looks for words in everything that is in the index ([`Store::index_some`]): the newest of each kind, at
    /// most `most` of it.
    pub fn find(&self, text: &str, most: usize) -> Result<Vec<FoundGroup>, Fault> {
        let mut groups = Vec::new();
        // each by itself: however much newer there is of one kind, it hides none of another
        for kind in FoundKind::ALL {
            let group = self.find_of(kind, text, None, most)?;
            if !group.hits.is_empty() {
                groups.push(group);
            }
        }
        Ok(groups)
    }

    /// Looks for words in one kind: at most `most`, older than the one at `before`.
    pub fn find_of(
        &self,
        kind: FoundKind,
        text: &str,
        before: Option<i64>,
        most: usize,
    ) -> Result<FoundGroup, Fault> {
        let words = words_of(text);
        match kind {
            _ if words.is_empty() => Ok(FoundGroup { kind, hits: Vec::new(), more: false }),
            FoundKind::Row => self.rows_named(&words, before, most),
            kind => self.page(kind, &words, before, most),
        }
    }

    fn page(
        &self,
        kind: FoundKind,
        words: &[String],
        before: Option<i64>,
        most: usize,
    ) -> Result<FoundGroup, Fault> {
        let mut group = FoundGroup { kind, hits: Vec::new(), more: false };
        let query = beginnings(&format!("kind : {}", kind.name()), words);
        self.entries(&query, before, |entry| {
            if let Some(found) = self.found(entry)? {
                group.more = group.hits.len() == most;
                if !group.more {
                    group.hits.push(found);
                }
            }
            Ok(!group.more)
        })?;
        Ok(group)
    }

    /// What the index has for a query, the newest first, until `take` has enough. What is expected of a
    /// record wins over what is confirmed.
    fn entries(
        &self,
        query: &str,
        before: Option<i64>,
        mut take: impl FnMut(Entry) -> Result<bool, Fault>,
    ) -> Result<(), Fault> {
        let mut statement = self.connection.prepare_cached(include_str!("find.sql"))?;
        let mut rows = statement.query(params![query, before.unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            let Some(kind) = FoundKind::named(&kind) else { continue };
            if !take(Entry { no: row.get(0)?, kind, id: row.get(2)? })? {
                break;
            }
        }
        Ok(())
    }

    /// The documents that cases ask for, by what the settings call them: the rows themselves do not say.
    fn rows_named(
        &self,
        words: &[String],
        before: Option<i64>,
        most: usize,
    ) -> Result<FoundGroup, Fault> {
        let mut group = FoundGroup { kind: FoundKind::Row, hits: Vec::new(), more: false };
        let fits = |name: &str| {
            let names = words_of(name);
            words.iter().all(|word| names.iter().any(|it| folded(it).starts_with(&folded(word))))
        };
        let mut named = Vec::new();
        for (service, settings) in self.services()? {
            for scheme in self.schemes(service, &settings)? {
                let fitting = scheme.documents.into_iter();
                named.extend(
                    fitting
                        .filter(|it| fits(&it.name.sv) || fits(&it.name.en))
                        .map(|it| (service, scheme.code.clone(), it.code, it.name.sv)),
                );
            }
        }
        if named.is_empty() {
            return Ok(group);
        }
        // a row has no time of its own: its place in the table is where the next page begins
        let mut statement = self.connection.prepare_cached(
            "SELECT c.id, c.body, r.id, r.body FROM \"case\" c JOIN document_row r
               ON r.case_id = c.id AND r.forecast = 0
             WHERE c.forecast = 0 ORDER BY c.number DESC, r.place",
        )?;
        let mut rows = statement.query([])?;
        let mut no: i64 = i64::MAX;
        while let Some(row) = rows.next()? {
            let (case, case_body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let (id, body): (Vec<u8>, String) = (row.get(2)?, row.get(3)?);
            let Ok(of) = from_json::<Case>(&case_body) else { continue };
            let Ok(it) = from_json::<DocumentRow>(&body) else { continue };
            let name = named.iter().find(|(service, scheme, code, _)| {
                *service == of.service && *scheme == of.scheme && *code == it.code
            });
            let Some((.., name)) = name else { continue };
            no = no.saturating_sub(1);
            if before.is_some_and(|before| no >= before) {
                continue;
            }
            if group.hits.len() == most {
                group.more = true;
                break;
            }
            group.hits.push(self.unnamed(Found {
                no,
                kind: FoundKind::Row,
                case: Some((RecordId(uuid(&case)?), of)),
                at: FoundAt::Row(RecordId(uuid(&id)?)),
                title: name.clone(),
                text: String::new(),
                when: None,
            })?);
        }
        Ok(group)
    }
}

/// A text as it is compared: small letters without marks, a letter for a letter.
pub fn folded(text: &str) -> String {
    text.chars().map(folded_letter).collect()
}

/// A letter as it is compared. As the index folds them, for the letters that people here write.
pub fn folded_letter(letter: char) -> char {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    match small {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' => 'i',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' => 's',
        'ţ' | 'ť' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        small => small,
    }
}

#[cfg(test)]
pub(crate) mod tests;
