//! "MEDDELA OSS": the applicant says that all is in and the case can be handled (KW-63, KW-81).

use serde::{Deserialize, Serialize};

use super::DocumentRow;
use crate::{
    Changes, Decision, HistoryEntry, Read, Reads, RecordId, RecordRef, Rejection, Scope, Timestamp,
    cases::{Acting, Case},
    decision::found,
    identity::Actor,
    messages::{Letter, Origin},
    services::Scheme,
};

/// Say that all is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportReady {
    /// The case.
    pub case: RecordId,
    /// The id of the message that says so.
    pub letter: RecordId,
    /// When it was written, by the writer's clock.
    pub written_at: Timestamp,
}

/// What the rule needs to see: the case, then its scheme, then every row. So it waits for every document
/// that is on its way to one of them.
pub fn reads(command: &ReportReady, so_far: &Reads) -> Vec<RecordRef> {
    let at = Case::at(command.case);
    let mut wanted = vec![at];
    let Some(Ok(case)) = so_far.found::<Case>(at) else { return wanted };
    wanted.push(case.scheme_ref());
    if let Some(Ok(scheme)) = so_far.found::<Scheme>(case.scheme_ref()) {
        wanted.extend(rows(command.case, &scheme));
    }
    wanted
}

fn rows(case: RecordId, scheme: &Scheme) -> impl Iterator<Item = RecordRef> {
    scheme.documents.iter().map(move |document| DocumentRow::at(case, &document.code))
}

/// The holder says so once, and only when every row has what it awaits, or a reason for lacking it. It can be
/// said again when something has been asked for anew.
pub fn decide(
    command: &ReportReady,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let holder = acting.holder(actor)?;
    acting.undecided()?;
    if acting.case.ready_at.is_some() {
        return Err(Rejection::AlreadyReady.into());
    }
    let scheme: Scheme = found(reads, acting.case.scheme_ref(), Rejection::SchemeNotFound)?;
    let mut open: u64 = 0;
    for at in rows(command.case, &scheme) {
        // what the scheme has asked for since the case was opened, this case does not
        if matches!(reads.get(at), Read::Absent) {
            continue;
        }
        let row: DocumentRow = found(reads, at, Rejection::RowNotFound)?;
        open = open.saturating_add(u64::from(row.is_awaited()));
    }
    if open > 0 {
        return Err(Rejection::RowsAwaited { open }.into());
    }
    let letter = Letter {
        id: command.letter,
        origin: Origin::Ready,
        text: "",
        documents: Vec::new(),
        written_at: command.written_at,
    };
    let letter = letter.record(&acting, holder, now);
    let scope = Scope::Case(acting.case.issuer, command.case);
    Ok(Changes {
        history: vec![HistoryEntry { scope, event: "documents_complete", about: letter.at }],
        create: vec![letter],
        update: vec![acting.with(&Case { ready_at: Some(now), ..acting.case.clone() })],
        ..Changes::default()
    })
}
