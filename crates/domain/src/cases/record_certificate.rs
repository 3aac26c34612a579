//! A certificate that the body granted before this program kept its cases, such as one on paper.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Acting, Case, Certificate, Happening, Stage, decide_case::check_level};
use crate::{
    Changes, Decision, FileRead, IssuerId, Kind, Read, Reads, Record, RecordId, RecordRef,
    Rejection, Timestamp,
    decision::{found, record},
    documents::{
        Document, DocumentOrigin, DocumentRow, FileRef, Handling, RowState,
        submit_document::check_name,
    },
    identity::Actor,
    services::{Scheme, Service},
};

/// Take up a certificate that was granted before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCertificate {
    /// The case that it is kept in.
    pub case: RecordId,
    /// Its number, as it stands on it.
    pub number: String,
    /// The level of authority, a code in the scheme; `None` where it has no levels.
    pub level: Option<String>,
    /// The day of the decision.
    pub granted_on: NaiveDate,
    /// The last day of validity.
    pub valid_to: NaiveDate,
    /// Whether there is a proof the size of a credit card.
    pub card: bool,
    /// Whether it stands in the public register.
    pub published: bool,
    /// The certificate itself, from the archive.
    pub file: Option<FileRef>,
}

impl RecordCertificate {
    /// The document that its file becomes.
    pub fn document_ref(&self) -> RecordRef {
        archived(self.case)
    }
}

/// Where it says that a certificate's number of a body is taken.
pub fn number_ref(issuer: IssuerId, number: &str) -> RecordRef {
    let name = format!("certificate/{number}");
    RecordRef { kind: Kind::Number, id: RecordId::within(RecordId(issuer.0), name.as_bytes()) }
}

/// Where the document of a case is that came from the archive, once there is one.
pub fn archived(case: RecordId) -> RecordRef {
    RecordRef { kind: Kind::Document, id: RecordId::within(case, b"archived certificate") }
}

/// Where the row of a scheme is that takes what belongs in no other: the first that is not required.
fn open_row(case: RecordId, scheme: &Scheme) -> Option<RecordRef> {
    let row = scheme.documents.iter().find(|document| !document.required)?;
    Some(DocumentRow::at(case, &row.code))
}

fn rows(case: RecordId, scheme: &Scheme) -> impl Iterator<Item = RecordRef> {
    scheme.documents.iter().map(move |document| DocumentRow::at(case, &document.code))
}

/// What the rule needs to see: the case, then the settings, its scheme and the number, then the rows.
pub fn reads(command: &RecordCertificate, so_far: &Reads) -> Vec<RecordRef> {
    let at = Case::at(command.case);
    let mut wanted = vec![at];
    let Some(Ok(case)) = so_far.found::<Case>(at) else { return wanted };
    let scheme = case.scheme_ref();
    wanted.extend([case.service_ref(), scheme, number_ref(case.issuer, &command.number)]);
    if let Some(Ok(scheme)) = so_far.found::<Scheme>(scheme) {
        wanted.extend(rows(command.case, &scheme));
    }
    wanted
}

/// Only the issuer's own systems take certificates up, in a case that is not decided. Whatever its scheme needs
/// was settled when it was granted, so no document is awaited any more.
pub fn decide(
    command: &RecordCertificate,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    let mut acting = Acting::on(reads, command.case)?;
    acting.undecided()?;
    let taken = number_ref(acting.case.issuer, &command.number);
    if matches!(reads.get(taken), Read::Found(_)) {
        return Err(Rejection::NumberTaken.into());
    }
    let service: Service = found(reads, acting.case.service_ref(), Rejection::SchemeNotFound)?;
    let scheme: Scheme = found(reads, acting.case.scheme_ref(), Rejection::SchemeNotFound)?;
    check_level(command.level.as_deref(), &scheme)?;
    if command.granted_on > now.swedish_date() {
        return Err(Rejection::DateInFuture.into());
    }
    let mut changes =
        Changes { update: settled(command.case, &scheme, reads)?, ..Changes::default() };
    if let Some(file) = &command.file {
        changes.create.push(document(
            command,
            file,
            &acting.case,
            (&service, &scheme),
            now,
            reads,
        )?);
    }
    let certificate = Certificate {
        issuer: acting.case.issuer,
        case: command.case,
        number: command.number.clone(),
        level: command.level.clone(),
        granted_on: command.granted_on,
        valid_to: command.valid_to,
        card: command.card,
        published: command.published,
    };
    let at = Certificate::at(command.case);
    acting.case.stage = Stage::Granted;
    let what = Happening::Granted { number: command.number.clone() };
    let (event, entry) = acting.log(None, now, what);
    changes.create.extend([
        Record::new(at.kind, at.id, &certificate),
        Record::new(taken.kind, taken.id, &Taken { case: command.case }),
        event,
    ]);
    changes.update.push(acting.with(&acting.case));
    changes.history.push(entry);
    Ok(changes)
}

/// What a taken number says: by which case.
#[derive(Serialize)]
struct Taken {
    case: RecordId,
}

/// The rows that the scheme needs, as they stand once a certificate is granted.
fn settled(case: RecordId, scheme: &Scheme, reads: &Reads) -> Result<Vec<Record>, Decision> {
    let mut settled = Vec::new();
    for at in rows(case, scheme) {
        let old = record(reads, at, Rejection::RowNotFound)?;
        let row: DocumentRow = old.read().map_err(Decision::Fault)?;
        if row.required {
            settled.push(old.with(&DocumentRow { state: RowState::Accepted, ..row }));
        }
    }
    Ok(settled)
}

/// The certificate's file, kept where everything is that belongs in no other row. It is the holder's: it goes when
/// what is theirs is erased.
fn document(
    command: &RecordCertificate,
    file: &FileRef,
    case: &Case,
    (service, scheme): (&Service, &Scheme),
    now: Timestamp,
    reads: &Reads,
) -> Result<Record, Decision> {
    check_name(&file.name, file.format)?;
    match reads.file(file.id) {
        FileRead::Missing => return Err(Rejection::FileMissing.into()),
        FileRead::Unusable(fault) => return Err(Rejection::FileUnusable(*fault).into()),
        FileRead::Is { bytes, sha256, format } => {
            if *bytes != file.bytes || *sha256 != file.sha256 || *format != file.format {
                return Err(Rejection::FileDiffers.into());
            }
        }
    }
    let row = open_row(command.case, scheme).ok_or(Rejection::RowNotFound)?;
    let document = Document {
        issuer: case.issuer,
        case: command.case,
        row: row.id,
        author: case.holder.person,
        author_name: case.holder.name.clone(),
        file: file.clone(),
        note: String::new(),
        written_at: now,
        received_at: now,
        origin: DocumentOrigin::Sent,
        common: None,
        handling: Handling::Accepted { by: None, by_name: service.name.sv.clone(), at: now },
    };
    let at = command.document_ref();
    Ok(Record::new(at.kind, at.id, &document))
}
