//! Saying why there is no document, and what the officer makes of that (KW-74).

use serde::{Deserialize, Serialize};

use super::{
    Document, DocumentRow, Explanation, Handling, RowState,
    submit_document::{check_note, replaced},
};
use crate::{
    Changes, Decision, HistoryEntry, Kind, Notice, PersonId, Reads, RecordId, RecordRef, Rejection,
    Scope, Timestamp,
    cases::{Acting, Case},
    decision::found,
    identity::Actor,
    services::Service,
};

/// Say why there is no document for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainAbsence {
    /// The new explanation's id.
    pub id: RecordId,
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The kind of reason, a code in the service's settings.
    pub absence: String,
    /// The reason.
    pub reason: String,
    /// When it was written, by the writer's clock.
    pub written_at: Timestamp,
}

/// Find a reason sufficient: no document is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptExplanation {
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The explanation.
    pub explanation: RecordId,
}

/// Find a reason insufficient: the row is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefuseExplanation {
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// The explanation.
    pub explanation: RecordId,
    /// Why, and what to do.
    pub reason: String,
}

/// What explaining needs to see: the case and the row, then the settings and the document that it replaces.
pub fn reads(command: &ExplainAbsence, so_far: &Reads) -> Vec<RecordRef> {
    let [case_ref, row_ref] = reads_to_handle(command.case, command.row);
    let mut wanted = vec![case_ref, row_ref];
    if let Some(Ok(case)) = so_far.found::<Case>(case_ref) {
        wanted.push(case.service_ref());
    }
    if let Some(Ok(row)) = so_far.found::<DocumentRow>(row_ref) {
        wanted.extend(row.document.map(Document::at));
    }
    wanted
}

/// What handling an explanation needs to see: the case and the row.
pub fn reads_to_handle(case: RecordId, row: RecordId) -> [RecordRef; 2] {
    [Case::at(case), RecordRef { kind: Kind::DocumentRow, id: row }]
}

/// The holder says, for a row that awaits a document or has one that nobody has looked at, why there is none.
pub fn decide(
    command: &ExplainAbsence,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if command.reason.trim().is_empty() {
        return Err(Rejection::ReasonMissing.into());
    }
    check_note(&command.reason)?;
    let acting = Acting::on(reads, command.case)?;
    let holder = acting.holder(actor)?;
    acting.undecided()?;
    let (row_record, row) = DocumentRow::of(reads, command.case, command.row)?;
    if row.state == RowState::Accepted {
        return Err(Rejection::RowAccepted.into());
    }
    if !row.is_needed() {
        return Err(Rejection::RowNotNeeded.into());
    }
    // another one takes its place under an id of its own: the officer answers the one that they have read
    if row.explanations.iter().any(|known| known.id == command.id) {
        return Err(Rejection::IdTaken.into());
    }
    let service: Service = found(reads, acting.case.service_ref(), Rejection::CaseNotFound)?;
    if !service.absences.iter().any(|known| known.code == command.absence) {
        return Err(Rejection::AbsenceUnknown.into());
    }
    let mut update = Vec::new();
    if row.required {
        update.extend(replaced(&row, command.case, now, reads)?);
    }
    let mut row = row.without_explanation(now).standing(RowState::Explained);
    row.explanations.push(Explanation {
        id: command.id,
        absence: command.absence.clone(),
        reason: command.reason.clone(),
        author_name: holder.name.clone(),
        written_at: command.written_at,
        received_at: now,
        handling: Handling::Waiting,
    });
    update.push(row_record.with(&row));
    Ok(Changes {
        update,
        history: vec![told(&acting, row_record.at, "absence_explained")],
        ..Changes::default()
    })
}

fn told(acting: &Acting<'_>, about: RecordRef, event: &'static str) -> HistoryEntry {
    HistoryEntry { scope: Scope::Case(acting.case.issuer, acting.at.id), event, about }
}

/// The officer of the case finds a reason sufficient that nobody has handled.
pub fn accept(
    command: &AcceptExplanation,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let AcceptExplanation { case, row, explanation } = *command;
    handle((case, row, explanation), actor, reads, RowState::Accepted, |by, by_name| {
        Handling::Accepted { by, by_name, at: now }
    })
}

/// The officer of the case finds such a reason insufficient, and says why.
pub fn refuse(
    command: &RefuseExplanation,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if command.reason.trim().is_empty() {
        return Err(Rejection::ReasonMissing.into());
    }
    check_note(&command.reason)?;
    let RefuseExplanation { case, row, explanation, .. } = *command;
    handle((case, row, explanation), actor, reads, RowState::Open, |by, by_name| {
        Handling::Refused { by, by_name, at: now, reason: command.reason.clone() }
    })
}

fn handle(
    (case, row, explanation): (RecordId, RecordId, RecordId),
    actor: Actor,
    reads: &Reads,
    state: RowState,
    handling: impl FnOnce(Option<PersonId>, String) -> Handling,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, case)?;
    let officer = acting.officer(actor)?;
    acting.undecided()?;
    let (row_record, mut row) = DocumentRow::of(reads, case, row)?;
    let found = row.explanations.iter_mut().find(|it| it.id == explanation);
    let explanation = found.ok_or(Rejection::ExplanationNotFound)?;
    if explanation.handling != Handling::Waiting {
        return Err(Rejection::ExplanationHandled.into());
    }
    explanation.handling = handling(Some(officer.person), officer.name.clone());
    let mut update = Vec::new();
    let event = if state == RowState::Open { "absence_refused" } else { "absence_accepted" };
    if row.is_needed() && state == RowState::Open {
        update.extend(acting.not_ready());
    }
    update.push(row_record.with(&row.standing(state)));
    Ok(Changes {
        update,
        history: vec![told(&acting, row_record.at, event)],
        notices: vec![Notice { person: acting.case.holder.person, about: row_record.at }],
        ..Changes::default()
    })
}
