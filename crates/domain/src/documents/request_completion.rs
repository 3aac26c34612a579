//! The officer asks for what is missing: a message that nobody can change, and the rows that it names are open
//! again (KW-39).

use serde::{Deserialize, Serialize};

use super::{Asked, DocumentRow, RowState};
use crate::{
    Changes, Decision, HistoryEntry, Kind, Notice, Reads, RecordId, RecordRef, Rejection, Scope,
    Timestamp,
    cases::{Acting, Case},
    decision::found,
    identity::Actor,
    messages::{Letter, Origin, send_message::check_text},
    services::Service,
};

/// Most rows that one request can name.
const ROWS_MAX: usize = 100;

/// Ask for what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCompletion {
    /// The case.
    pub case: RecordId,
    /// The rows in which something is missing.
    pub rows: Vec<RecordId>,
    /// The id of the message that asks.
    pub letter: RecordId,
    /// What it says.
    pub text: String,
    /// When it was written, by the officer's clock.
    pub written_at: Timestamp,
}

impl RequestCompletion {
    /// The rows that it opens.
    pub fn row_refs(&self) -> impl Iterator<Item = RecordRef> + '_ {
        self.rows.iter().map(|id| RecordRef { kind: Kind::DocumentRow, id: *id })
    }
}

/// What the rule needs to see: the case and the rows, then the settings.
pub fn reads(command: &RequestCompletion, so_far: &Reads) -> Vec<RecordRef> {
    let at = Case::at(command.case);
    let service = so_far.found::<Case>(at).and_then(Result::ok).map(|case| case.service_ref());
    std::iter::once(at).chain(command.row_refs().take(ROWS_MAX)).chain(service).collect()
}

/// The officer of an undecided case names rows, each once, and says what is missing in them. They are awaited
/// from then on, whatever is in them, and what the applicant said to be complete no longer is.
pub fn decide(
    command: &RequestCompletion,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let officer = acting.officer(actor)?;
    acting.undecided()?;
    let service: Service = found(reads, acting.case.service_ref(), Rejection::SchemeNotFound)?;
    check_text(&command.text, service.message_max)?;
    if command.rows.is_empty() {
        return Err(Rejection::RowsMissing.into());
    }
    let asked = Asked { letter: command.letter, by_name: officer.name.clone(), at: now };
    let mut update = Vec::from_iter(acting.not_ready());
    let mut documents = Vec::new();
    for (nth, id) in command.rows.iter().enumerate() {
        if command.rows.iter().take(nth).any(|before| before == id) || nth >= ROWS_MAX {
            return Err(Rejection::RowNotFound.into());
        }
        let (record, row) = DocumentRow::of(reads, command.case, *id)?;
        documents.push(row.code.clone());
        let row = DocumentRow { asked: Some(asked.clone()), ..row.without_explanation(now) };
        update.push(record.with(&row.standing(RowState::Open)));
    }
    let (id, text, written_at) = (command.letter, command.text.as_str(), command.written_at);
    let letter = Letter { id, origin: Origin::Completion, text, documents, written_at };
    let letter = letter.record(&acting, officer, now);
    let about = letter.at;
    let scope = Scope::Case(acting.case.issuer, command.case);
    Ok(Changes {
        create: vec![letter],
        update,
        history: vec![HistoryEntry { scope, event: "completion_requested", about }],
        notices: vec![Notice { person: acting.case.holder.person, about }],
        ..Changes::default()
    })
}
