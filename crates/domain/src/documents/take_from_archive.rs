//! The officer takes a document of an earlier case for a row, so that nobody sends again what the body has
//! (KW-52, KW-53, KW-82).

use serde::{Deserialize, Serialize};

use super::{Document, DocumentRow, Handling, RowState, Taken, submit_document::replaced};
use crate::{
    Changes, Decision, HistoryEntry, Kind, Notice, Reads, RecordId, RecordRef, Rejection, Scope,
    Timestamp,
    cases::{Acting, Case},
    decision::found,
    identity::Actor,
};

/// Take a document of an earlier case for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeFromArchive {
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The document of the earlier case.
    pub document: RecordId,
}

impl TakeFromArchive {
    /// The row that it settles.
    pub fn row_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::DocumentRow, id: self.row }
    }
}

/// What the rule needs to see: the case, the row and the document, then the document that this replaces.
pub fn reads(command: &TakeFromArchive, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted =
        vec![Case::at(command.case), command.row_ref(), Document::at(command.document)];
    if let Some(Ok(row)) = so_far.found::<DocumentRow>(command.row_ref()) {
        wanted.extend(row.document.map(Document::at));
    }
    wanted
}

/// The officer takes an accepted document of the same person at the same body, of the same name and common to
/// all their cases. Of any other it is not told that there is one. It stays one stored document; the row is
/// settled by it.
pub fn decide(
    command: &TakeFromArchive,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let officer = acting.officer(actor)?;
    acting.undecided()?;
    let case = &acting.case;
    let (row_record, row) = DocumentRow::of(reads, command.case, command.row)?;
    if row.state == RowState::Accepted {
        return Err(Rejection::RowAccepted.into());
    }
    let about = Document::at(command.document);
    let document: Document = found(reads, about, Rejection::DocumentNotFound)?;
    let is_common = document.issuer == case.issuer
        && document.case != command.case
        && document
            .common
            .as_ref()
            .is_some_and(|it| it.holder == case.holder.person && it.code == row.code);
    if !is_common {
        return Err(Rejection::DocumentNotFound.into());
    }
    if !matches!(document.handling, Handling::Accepted { .. }) {
        return Err(Rejection::DocumentNotAccepted.into());
    }
    let mut update = Vec::new();
    if row.required {
        update.extend(replaced(&row, command.case, now, reads)?);
    }
    let taken = Taken { document: command.document, by_name: officer.name.clone(), at: now };
    let row = row.without_explanation(now).standing(RowState::Accepted);
    let document = if row.required { Some(command.document) } else { row.document };
    let row = DocumentRow { taken: Some(taken), document, ..row };
    update.push(row_record.with(&row));
    let scope = Scope::Case(case.issuer, command.case);
    Ok(Changes {
        update,
        history: vec![HistoryEntry { scope, event: "document_taken", about }],
        notices: vec![Notice { person: case.holder.person, about: row_record.at }],
        ..Changes::default()
    })
}
