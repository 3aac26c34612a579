//! Sending a file in for a row: KW-71, KW-76 to KW-79.

use serde::{Deserialize, Serialize};

use super::{
    Document, DocumentRow, FileFault, FileRef, Format, Handling, NOTE_MAX, RowState, usable_name,
};
use crate::{
    Changes, Decision, FileRead, HistoryEntry, Kind, Reads, Record, RecordId, RecordRef, Rejection,
    Scope, Timestamp,
    cases::Case,
    decision::{found, record},
    identity::Actor,
    services::Service,
};

/// Send a file in for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitDocument {
    /// The new document's id.
    pub id: RecordId,
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The file.
    pub file: FileRef,
    /// What it contains; may be empty.
    pub note: String,
    /// When it was sent, by the sender's clock.
    pub written_at: Timestamp,
}

impl SubmitDocument {
    fn case_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Case, id: self.case }
    }

    fn row_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::DocumentRow, id: self.row }
    }

    /// The records that it makes or replaces, as far as the command itself says.
    pub fn writes(&self) -> Vec<RecordRef> {
        vec![RecordRef { kind: Kind::Document, id: self.id }, self.row_ref()]
    }
}

/// What the rule needs to see: the case and the row, then the settings and the document that this replaces.
pub fn reads(command: &SubmitDocument, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted = vec![command.case_ref(), command.row_ref()];
    if let Some(Ok(case)) = so_far.found::<Case>(command.case_ref()) {
        wanted.push(case.service_ref());
    }
    if let Some(Ok(row)) = so_far.found::<DocumentRow>(command.row_ref()) {
        wanted.extend(row.document.map(|id| RecordRef { kind: Kind::Document, id }));
    }
    wanted
}

/// Whether a note is short enough.
pub fn check_note(note: &str) -> Result<(), Rejection> {
    let length = note.chars().count();
    if length > NOTE_MAX {
        return Err(Rejection::NoteTooLong { length: length as u64, max: NOTE_MAX as u64 });
    }
    Ok(())
}

/// A name says what the file is, and nothing that a computer could take for something else.
pub(crate) fn check_name(name: &str, format: Format) -> Result<(), Rejection> {
    if usable_name(name, format) == name { Ok(()) } else { Err(Rejection::FileNameUnusable) }
}

/// The holder sends in, for a row that still takes documents, a file whose bytes are what the command says.
pub fn decide(
    command: &SubmitDocument,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    check_note(&command.note)?;
    check_name(&command.file.name, command.file.format)?;
    let case: Case = found(reads, command.case_ref(), Rejection::CaseNotFound)?;
    let Some(party) = actor.person().and_then(|person| case.party(person)) else {
        return Err(Rejection::CaseNotFound.into());
    };
    if !case.is_holder(party.person) {
        return Err(Rejection::HolderOnly.into());
    }
    let row_record = record(reads, command.row_ref(), Rejection::RowNotFound)?;
    let row: DocumentRow = row_record.read().map_err(Decision::Fault)?;
    if row.case != command.case {
        return Err(Rejection::RowNotFound.into());
    }
    if row.state == RowState::Accepted {
        return Err(Rejection::RowAccepted.into());
    }
    let service: Service = found(reads, case.service_ref(), Rejection::CaseNotFound)?;
    check_file(command, service.document_max, reads)?;
    let document = Document {
        issuer: case.issuer,
        case: command.case,
        row: command.row,
        author: party.person,
        author_name: party.name.clone(),
        file: command.file.clone(),
        note: command.note.clone(),
        written_at: command.written_at,
        received_at: now,
        handling: Handling::Waiting,
    };
    let document = Record::new(Kind::Document, command.id, &document);
    let mut changes = Changes {
        history: vec![HistoryEntry {
            scope: Scope::Case(case.issuer, command.case),
            event: "document_submitted",
            about: document.at,
        }],
        create: vec![document],
        ..Changes::default()
    };
    if row.required {
        changes.update.extend(replaced(&row, now, reads)?);
        let row = DocumentRow { state: RowState::Submitted, document: Some(command.id), ..row };
        changes.update.push(row_record.with(&row));
    }
    Ok(changes)
}

/// The document that the row had, if nobody has looked at it yet.
fn replaced(row: &DocumentRow, now: Timestamp, reads: &Reads) -> Result<Option<Record>, Decision> {
    let Some(id) = row.document else { return Ok(None) };
    let old = record(reads, RecordRef { kind: Kind::Document, id }, Rejection::RowNotFound)?;
    let document: Document = old.read().map_err(Decision::Fault)?;
    if document.handling != Handling::Waiting {
        return Ok(None);
    }
    Ok(Some(old.with(&Document { handling: Handling::Replaced { at: now }, ..document })))
}

fn check_file(command: &SubmitDocument, max: u64, reads: &Reads) -> Result<(), Decision> {
    let file = &command.file;
    let unusable = |fault| Err(Rejection::FileUnusable(fault).into());
    if file.bytes == 0 {
        return unusable(FileFault::Empty);
    }
    if file.bytes > max {
        return unusable(FileFault::TooLarge { bytes: file.bytes, max });
    }
    match reads.file(file.id) {
        FileRead::Missing => Err(Rejection::FileMissing.into()),
        FileRead::Unusable(fault) => unusable(*fault),
        FileRead::Is { bytes, sha256, format } => {
            let same = *bytes == file.bytes && *sha256 == file.sha256 && *format == file.format;
            if same { Ok(()) } else { Err(Rejection::FileDiffers.into()) }
        }
    }
}
