//! An officer finds a document sufficient or not.

use serde::{Deserialize, Serialize};

use super::{Document, DocumentRow, Handling, RowState, submit_document::check_note};
use crate::{
    Changes, Decision, HistoryEntry, Kind, Notice, PersonId, Reads, RecordId, RecordRef, Rejection,
    Scope, Timestamp, cases::Acting, decision::record, identity::Actor,
};

/// Find a document sufficient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptDocument {
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The document.
    pub document: RecordId,
}

/// Find a document insufficient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefuseDocument {
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The document.
    pub document: RecordId,
    /// Why, and what to do.
    pub reason: String,
}

/// What the rules need to see, and what they replace: the case, the row and the document.
pub fn reads(case: RecordId, row: RecordId, document: RecordId) -> [RecordRef; 3] {
    [
        RecordRef { kind: Kind::Case, id: case },
        RecordRef { kind: Kind::DocumentRow, id: row },
        RecordRef { kind: Kind::Document, id: document },
    ]
}

/// The officer of the case accepts a document that nobody has handled and that none has replaced.
pub fn accept(
    command: &AcceptDocument,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let at = self::reads(command.case, command.row, command.document);
    handle(at, (actor, now), reads, RowState::Accepted, "document_accepted", |by, by_name| {
        Handling::Accepted { by, by_name, at: now }
    })
}

/// The officer of the case refuses such a document with a reason; its row is open again, and what was asked for in
/// it still is.
pub fn refuse(
    command: &RefuseDocument,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if command.reason.trim().is_empty() {
        return Err(Rejection::ReasonMissing.into());
    }
    check_note(&command.reason)?;
    let at = self::reads(command.case, command.row, command.document);
    handle(at, (actor, now), reads, RowState::Open, "document_refused", |by, by_name| {
        Handling::Refused { by, by_name, at: now, reason: command.reason.clone() }
    })
}

fn handle(
    [case_ref, row_ref, document_ref]: [RecordRef; 3],
    (actor, now): (Actor, Timestamp),
    reads: &Reads,
    row_state: RowState,
    event: &'static str,
    handling: impl FnOnce(Option<PersonId>, String) -> Handling,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, case_ref.id)?;
    let officer = acting.officer(actor)?;
    let (row_record, row) = DocumentRow::of(reads, case_ref.id, row_ref.id)?;
    let old = record(reads, document_ref, Rejection::DocumentNotFound)?;
    let document: Document = old.read().map_err(Decision::Fault)?;
    if document.case != case_ref.id || document.row != row_ref.id {
        return Err(Rejection::DocumentNotFound.into());
    }
    match document.handling {
        Handling::Waiting => {}
        Handling::Replaced { .. } => return Err(Rejection::DocumentReplaced.into()),
        Handling::Accepted { .. } | Handling::Refused { .. } => {
            return Err(Rejection::DocumentHandled.into());
        }
    }
    let new =
        Document { handling: handling(Some(officer.person), officer.name.clone()), ..document };
    let mut changes = Changes {
        update: vec![old.with(&new)],
        history: vec![HistoryEntry {
            scope: Scope::Case(acting.case.issuer, case_ref.id),
            event,
            about: document_ref,
        }],
        notices: vec![Notice { person: acting.case.holder.person, about: document_ref }],
        ..Changes::default()
    };
    // a row that takes any number of files is not open again while a later one waits
    let is_what_came = row.state == RowState::Submitted && row.document == Some(document_ref.id);
    if row_state == RowState::Open && is_what_came {
        changes.update.extend(acting.not_ready());
        changes.update.push(row_record.with(&row.standing(RowState::Open)));
    } else if row_state == RowState::Accepted && row.is_needed() {
        let row = row.without_explanation(now).standing(RowState::Accepted);
        changes.update.push(row_record.with(&row));
    }
    Ok(changes)
}
