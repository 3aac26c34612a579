//! The officer's decision: granted, with a certificate, or refused. Either reaches the applicant as a message
//! that nobody can change (KW-26, KW-28, KW-39).

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Acting, Case, Certificate, Happening, Party, Stage};
use crate::{
    Changes, Decision, Notice, Read, Reads, Record, RecordId, RecordRef, Rejection, Timestamp,
    decision::found,
    documents::DocumentRow,
    identity::Actor,
    messages::{Letter, Origin, send_message::check_text},
    services::{Scheme, Service},
};

/// Grant the certificate that is applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantCertificate {
    /// The case.
    pub case: RecordId,
    /// The level of authority, a code in the scheme; `None` where it has no levels.
    pub level: Option<String>,
    /// The day of the decision. The period of validity is counted from it.
    pub granted_on: NaiveDate,
    /// The id of the message that brings the decision.
    pub letter: RecordId,
    /// What it says.
    pub text: String,
    /// When it was written, by the officer's clock.
    pub written_at: Timestamp,
}

/// Refuse an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefuseApplication {
    /// The case.
    pub case: RecordId,
    /// The id of the message that brings the decision.
    pub letter: RecordId,
    /// What it says: why, and what the applicant can do.
    pub text: String,
    /// When it was written, by the officer's clock.
    pub written_at: Timestamp,
}

/// Where the rows of a case are: one that its scheme does not need may be one in which something is asked for.
fn rows(case: RecordId, scheme: &Scheme) -> impl Iterator<Item = RecordRef> {
    scheme.documents.iter().map(move |document| DocumentRow::at(case, &document.code))
}

/// What granting needs to see: the case, then the settings and its scheme, then the rows.
pub fn reads_to_grant(command: &GrantCertificate, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted = reads_to_refuse(command.case, so_far);
    let case = so_far.found::<Case>(Case::at(command.case)).and_then(Result::ok);
    let Some(at) = case.map(|case| case.scheme_ref()) else { return wanted };
    wanted.push(at);
    if let Some(Ok(scheme)) = so_far.found::<Scheme>(at) {
        wanted.extend(rows(command.case, &scheme));
    }
    wanted
}

/// What refusing needs to see: the case, then the settings.
pub fn reads_to_refuse(case: RecordId, so_far: &Reads) -> Vec<RecordRef> {
    let at = Case::at(case);
    let service = so_far.found::<Case>(at).and_then(Result::ok).map(|case| case.service_ref());
    std::iter::once(at).chain(service).collect()
}

/// The officer grants what is applied for once every document that is needed or asked for is accepted and every
/// part of its examination is passed. The certificate's number follows from the case's.
pub fn grant(
    command: &GrantCertificate,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let officer = acting.officer(actor)?;
    acting.undecided()?;
    let case = &acting.case;
    let service: Service = found(reads, case.service_ref(), Rejection::SchemeNotFound)?;
    let scheme: Scheme = found(reads, case.scheme_ref(), Rejection::SchemeNotFound)?;
    check_text(&command.text, service.message_max)?;
    check_level(command.level.as_deref(), &scheme)?;
    if command.granted_on > now.swedish_date() {
        return Err(Rejection::DateInFuture.into());
    }
    check_rows(command.case, &scheme, reads)?;
    check_exams(case, &scheme)?;
    let validity = Months::new(scheme.validity_months);
    let valid_to = command.granted_on.checked_add_months(validity);
    let certificate = Certificate {
        issuer: case.issuer,
        case: command.case,
        number: format!("{}-{}", scheme.certificate_prefix, case.number),
        level: command.level.clone(),
        granted_on: command.granted_on,
        valid_to: valid_to.ok_or(Rejection::DateInFuture)?,
        card: false,
        published: false,
    };
    let at = Certificate::at(command.case);
    let what = Happening::Granted { number: certificate.number.clone() };
    let letter = letter(&acting, officer, command.letter, &command.text, command.written_at, now);
    let mut changes = decided(acting, Stage::Granted, what, letter, now)?;
    changes.create.push(Record::new(at.kind, at.id, &certificate));
    Ok(changes)
}

/// The officer refuses an application, and says why.
pub fn refuse(
    command: &RefuseApplication,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let officer = acting.officer(actor)?;
    acting.undecided()?;
    let service: Service = found(reads, acting.case.service_ref(), Rejection::SchemeNotFound)?;
    check_text(&command.text, service.message_max)?;
    let letter = letter(&acting, officer, command.letter, &command.text, command.written_at, now);
    decided(acting, Stage::Refused, Happening::Refused, letter, now)
}

pub(super) fn check_level(level: Option<&str>, scheme: &Scheme) -> Result<(), Rejection> {
    let known = |level: &str| scheme.levels.iter().any(|known| known.code == level);
    let fits = level.map_or(scheme.levels.is_empty(), known);
    if fits { Ok(()) } else { Err(Rejection::LevelUnknown) }
}

fn check_rows(case: RecordId, scheme: &Scheme, reads: &Reads) -> Result<(), Decision> {
    let mut open: u64 = 0;
    for at in rows(case, scheme) {
        // what the scheme has asked for since the case was opened, this case does not
        if matches!(reads.get(at), Read::Absent) {
            continue;
        }
        let row: DocumentRow = found(reads, at, Rejection::RowNotFound)?;
        open = open.saturating_add(u64::from(row.is_unsettled()));
    }
    if open == 0 { Ok(()) } else { Err(Rejection::RowsOpen { open }.into()) }
}

fn check_exams(case: &Case, scheme: &Scheme) -> Result<(), Rejection> {
    let passed = |part: &str| case.latest_exam(part).is_some_and(|exam| exam.passed);
    match scheme.exams.iter().find(|part| !passed(&part.code)) {
        None => Ok(()),
        Some(part) => Err(Rejection::ExamMissing { part: part.code.clone() }),
    }
}

/// The message that brings a decision.
fn letter(
    acting: &Acting<'_>,
    officer: &Party,
    id: RecordId,
    text: &str,
    written_at: Timestamp,
    now: Timestamp,
) -> Record {
    let documents = Vec::new();
    Letter { id, origin: Origin::Decision, text, documents, written_at }
        .record(acting, officer, now)
}

fn decided(
    mut acting: Acting<'_>,
    stage: Stage,
    what: Happening,
    letter: Record,
    now: Timestamp,
) -> Result<Changes, Decision> {
    let by = acting.case.officer.clone().ok_or(Rejection::OfficerOnly)?;
    acting.case.stage = stage;
    let (event, entry) = acting.log(Some(&by), now, what);
    let notice = Notice { person: acting.case.holder.person, about: letter.at };
    Ok(Changes {
        create: vec![letter, event],
        update: vec![acting.with(&acting.case)],
        history: vec![entry],
        notices: vec![notice],
        ..Changes::default()
    })
}
