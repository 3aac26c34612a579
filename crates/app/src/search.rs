//! Looking for words in everything that this computer holds.

use std::collections::BTreeSet;

use behorig_domain::{PersonId, RecordId, cases::Case};
use behorig_store::{Found, FoundAt, FoundKind as Kind, folded_letter, words_of};

use crate::{
    App,
    rpc::{
        Answer, CaseRef, Code, FoundGroup, FoundKind, FoundView, PlaceView, SearchAnswer,
        SearchAsked, TextPart,
    },
};

/// Of each kind, where all are looked for.
const OF_EACH: usize = 5;
/// Of one kind, a page.
const PAGE: usize = 50;
/// Letters before the first hit in a text, and altogether.
const BEFORE: usize = 48;
const SHOWN: usize = 220;

impl App {
    pub(crate) async fn search(&self, asked: SearchAsked) -> Answer<SearchAnswer> {
        let words: Vec<Vec<char>> = words_of(&asked.text)
            .iter()
            .map(|word| word.chars().map(folded_letter).collect())
            .collect();
        let after: Option<i64> = match &asked.after {
            Some(after) => Some(after.parse().map_err(|_| Code::BadRequest)?),
            None => None,
        };
        let (groups, me, unread) = self
            .with_store(move |store| {
                // all of it, save after a first pull
                let unread = store.index_some()?;
                let groups = match asked.kind {
                    None => store.find(&asked.text, OF_EACH)?,
                    Some(kind) => Kind::ALL
                        .into_iter()
                        .filter(|it| found_kind(*it) == kind)
                        .map(|it| store.find_of(it, &asked.text, after, PAGE))
                        .collect::<Result<_, _>>()?,
                };
                Ok((groups, store.identity()?.person, unread))
            })
            .await?;
        let groups = groups.into_iter().map(|group| FoundGroup {
            kind: found_kind(group.kind),
            hits: group.hits.into_iter().map(|hit| view(hit, &words, me)).collect(),
            more: group.more,
        });
        Ok(SearchAnswer {
            groups: groups.collect(),
            unread: u32::try_from(unread).unwrap_or(u32::MAX),
        })
    }
}

fn found_kind(kind: Kind) -> FoundKind {
    match kind {
        Kind::Case => FoundKind::Case,
        Kind::Person => FoundKind::Person,
        Kind::Certificate => FoundKind::Certificate,
        Kind::Row => FoundKind::Row,
        Kind::Document => FoundKind::Document,
        Kind::Message => FoundKind::Message,
        Kind::Proposal => FoundKind::Proposal,
        Kind::Letter => FoundKind::Letter,
        Kind::Note => FoundKind::Note,
        Kind::Template => FoundKind::Template,
        Kind::Draft => FoundKind::Draft,
        Kind::Outbox => FoundKind::Outbox,
    }
}

fn view(hit: Found, words: &[Vec<char>], me: PersonId) -> FoundView {
    FoundView {
        no: hit.no.to_string(),
        title: marked(&hit.title, words),
        excerpt: excerpt(&hit.text, words),
        at: hit.when.map(|at| at.to_string()),
        case: hit.case.map(|(id, case)| case_ref(id, case, me)),
        place: place(hit.at),
    }
}

/// A case as a line names it.
pub(crate) fn case_ref(id: RecordId, case: Case, me: PersonId) -> CaseRef {
    let is_named = !case.is_holder(me) && !case.holder.name.is_empty();
    let holder = is_named.then_some(case.holder.name);
    CaseRef { id: id.to_string(), title: case.title, number: case.number, holder }
}

pub(crate) fn place(at: FoundAt) -> PlaceView {
    match at {
        FoundAt::Case => PlaceView::Case,
        FoundAt::Contact => PlaceView::Address,
        FoundAt::Thread(thread) => PlaceView::Messages { thread: thread.map(|it| it.to_string()) },
        FoundAt::Row(row) => PlaceView::Documents { row: Some(row.to_string()) },
        FoundAt::Decision => PlaceView::Decision,
        FoundAt::Application => PlaceView::Application,
        FoundAt::Notes => PlaceView::Notes,
        FoundAt::Templates => PlaceView::Templates,
        FoundAt::Post => PlaceView::Post,
        FoundAt::Outbox(_) => PlaceView::Outbox,
    }
}

/// Which letters of a text are what was looked for: the beginnings of its words.
fn hits(letters: &[char], words: &[Vec<char>]) -> BTreeSet<usize> {
    let mut hits = BTreeSet::new();
    let mut begins = true;
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            begins = true;
            continue;
        }
        if begins {
            let rest = letters.get(at..).unwrap_or_default();
            let fits = |word: &&Vec<char>| {
                rest.len() >= word.len()
                    && rest.iter().zip(word.iter()).all(|(one, two)| folded_letter(*one) == *two)
            };
            if let Some(longest) = words.iter().filter(fits).map(Vec::len).max() {
                hits.extend(at..at.saturating_add(longest));
            }
        }
        begins = false;
    }
    hits
}

fn parts(letters: &[char], from: usize, to: usize, hits: &BTreeSet<usize>) -> Vec<TextPart> {
    let mut parts: Vec<TextPart> = Vec::new();
    let shown = letters.iter().enumerate().skip(from).take(to.saturating_sub(from));
    for (at, letter) in shown {
        let letter = if letter.is_whitespace() { ' ' } else { *letter };
        let hit = hits.contains(&at);
        match parts.last_mut() {
            Some(part) if part.hit == hit => part.text.push(letter),
            _ => parts.push(TextPart { text: letter.into(), hit }),
        }
    }
    parts
}

/// A whole text with what was looked for marked in it.
fn marked(text: &str, words: &[Vec<char>]) -> Vec<TextPart> {
    let letters: Vec<char> = text.chars().collect();
    parts(&letters, 0, letters.len(), &hits(&letters, words))
}

/// The text around the first hit.
fn excerpt(text: &str, words: &[Vec<char>]) -> Vec<TextPart> {
    let letters: Vec<char> = text.trim().chars().collect();
    let hits = hits(&letters, words);
    let first = hits.first().copied().unwrap_or_default();
    let mut from = first.saturating_sub(BEFORE);
    if from > 0 {
        // from the beginning of a word on
        let skipped = letters.iter().skip(from).take_while(|it| !it.is_whitespace()).count();
        from = from.saturating_add(skipped).saturating_add(1).min(first);
    }
    let to = from.saturating_add(SHOWN).min(letters.len());
    let mut shown = parts(&letters, from, to, &hits);
    let dots = || TextPart { text: "…".into(), hit: false };
    if from > 0 {
        shown.insert(0, dots());
    }
    if to < letters.len() {
        shown.push(dots());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(parts: Vec<TextPart>) -> String {
        let tell = |part: TextPart| if part.hit { format!("[{}]", part.text) } else { part.text };
        parts.into_iter().map(tell).collect()
    }

    fn words(text: &str) -> Vec<Vec<char>> {
        words_of(text).iter().map(|word| word.chars().map(folded_letter).collect()).collect()
    }

    #[test]
    fn the_beginnings_of_words_are_marked_whatever_marks_the_letters_have() {
        let text = "Årsrapporten för 2026 är inne";
        assert_eq!(told(marked(text, &words("arsrap"))), "[Årsrap]porten för 2026 är inne");
        assert_eq!(told(marked(text, &words("ÄR 20"))), "[År]srapporten för [20]26 [är] inne");
        assert_eq!(told(marked(text, &words("rapport"))), text, "not within a word");
    }

    #[test]
    fn an_excerpt_stands_around_the_first_hit() {
        let text = format!("{}betyget är godkänt {}", "före ".repeat(40), "efter ".repeat(80));
        let told = told(excerpt(&text, &words("betyg")));
        assert!(told.starts_with("…före ") && told.contains("[betyg]et är godkänt"), "{told}");
        assert!(told.ends_with('…') && told.chars().count() < 230, "{told}");
    }

    #[test]
    fn a_text_without_a_hit_begins_at_its_beginning() {
        assert_eq!(told(excerpt("  Hej\ndu  ", &words("x"))), "Hej du");
        assert_eq!(told(excerpt("", &words("x"))), "");
    }
}
