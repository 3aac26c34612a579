//! Sending a file in for a row: KW-66, KW-68, KW-71, KW-76 to KW-79.

use serde::{Deserialize, Serialize};

use super::{
    Common, Document, DocumentOrigin, DocumentRow, FileFault, FileRef, Format, Handling, NOTE_MAX,
    RowState, usable_name,
};
use crate::{
    Changes, Decision, FileRead, HistoryEntry, Kind, Notice, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    cases::{Acting, Case},
    decision::{found, record},
    identity::Actor,
    services::{Scheme, Service},
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
    /// Whether the applicant sends it, or the officer adds what came by post (KW-66).
    #[serde(default)]
    pub origin: DocumentOrigin,
    /// Whether the sender has ticked all that is to be seen to before it is sent (KW-68).
    #[serde(default)]
    pub checked: bool,
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

/// What the rule needs to see: the case and the row, then the settings, its scheme and the document that this replaces.
pub fn reads(command: &SubmitDocument, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted = vec![command.case_ref(), command.row_ref()];
    if let Some(Ok(case)) = so_far.found::<Case>(command.case_ref()) {
        wanted.extend([case.service_ref(), case.scheme_ref()]);
    }
    if let Some(Ok(row)) = so_far.found::<DocumentRow>(command.row_ref()) {
        wanted.extend(row.document.map(Document::at));
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
/// What came to the officer by post is theirs to add.
pub fn decide(
    command: &SubmitDocument,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    check_note(&command.note)?;
    check_name(&command.file.name, command.file.format)?;
    let acting = Acting::on(reads, command.case)?;
    let case = &acting.case;
    let party = match command.origin {
        DocumentOrigin::Sent => acting.holder(actor)?,
        DocumentOrigin::Post => acting.officer(actor)?,
    };
    let (row_record, row) = DocumentRow::of(reads, command.case, command.row)?;
    if row.state == RowState::Accepted {
        return Err(Rejection::RowAccepted.into());
    }
    let service: Service = found(reads, case.service_ref(), Rejection::CaseNotFound)?;
    check_file(command, service.document_max, reads)?;
    let scheme: Scheme = found(reads, case.scheme_ref(), Rejection::SchemeNotFound)?;
    let asked_for = scheme.document(&row.code);
    let has_checklist = asked_for.is_some_and(|it| !it.checklist.is_empty());
    if command.origin == DocumentOrigin::Sent && has_checklist && !command.checked {
        return Err(Rejection::ChecklistOpen.into());
    }
    let common = asked_for.filter(|it| it.shared).map(|_| Common {
        holder: case.holder.person,
        code: row.code.clone(),
        number: case.number.clone(),
    });
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
        origin: command.origin,
        common,
        handling: Handling::Waiting,
    };
    let document = Record::new(Kind::Document, command.id, &document);
    let about = document.at;
    let scope = Scope::Case(case.issuer, command.case);
    let mut update = Vec::new();
    if row.required {
        update.extend(replaced(&row, command.case, now, reads)?);
    }
    let settled = settled(row, command.id, now);
    update.push(row_record.with(&settled));
    // who did not send it is to know that it is there
    let told = (command.origin == DocumentOrigin::Post).then_some(case.holder.person);
    Ok(Changes {
        create: vec![document],
        update,
        history: vec![HistoryEntry { scope, event: "document_submitted", about }],
        notices: told.map(|person| Notice { person, about }).into_iter().collect(),
        ..Changes::default()
    })
}

/// The row once a document has come: it awaits nothing more, and no reason for lacking one counts.
fn settled(row: DocumentRow, document: RecordId, now: Timestamp) -> DocumentRow {
    let row = row.without_explanation(now).standing(RowState::Submitted);
    let document = row.is_needed().then_some(document);
    DocumentRow { document, ..row }
}

/// The document that the row had, if nobody has looked at it yet. One that was taken from an earlier case is
/// that case's.
pub(super) fn replaced(
    row: &DocumentRow,
    case: RecordId,
    now: Timestamp,
    reads: &Reads,
) -> Result<Option<Record>, Decision> {
    let Some(id) = row.document else { return Ok(None) };
    let old = record(reads, Document::at(id), Rejection::RowNotFound)?;
    let document: Document = old.read().map_err(Decision::Fault)?;
    if document.handling != Handling::Waiting || document.case != case {
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
