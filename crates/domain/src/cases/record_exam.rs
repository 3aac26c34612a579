//! How an examination went (KW-31).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Acting, Case, Exam, Happening};
use crate::{
    Changes, Decision, Notice, Reads, RecordId, RecordRef, Rejection, Timestamp, decision::found,
    identity::Actor, services::Scheme,
};

/// The longest mark, in characters.
pub const MARK_MAX: usize = 40;

/// Record how a part of an examination went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordExam {
    /// The case.
    pub case: RecordId,
    /// Which part: a code in the scheme.
    pub part: String,
    /// The day of the examination.
    pub held_on: NaiveDate,
    /// The mark as it stands in the protocol; may be empty.
    pub mark: String,
    /// Whether it is enough.
    pub passed: bool,
}

/// What the rule needs to see: the case, then its scheme.
pub fn reads(command: &RecordExam, so_far: &Reads) -> Vec<RecordRef> {
    let at = Case::at(command.case);
    let scheme = so_far.found::<Case>(at).and_then(Result::ok).map(|case| case.scheme_ref());
    std::iter::once(at).chain(scheme).collect()
}

/// The officer records a part of an examination that the scheme has, while the application is undecided. An
/// earlier one of the same part stays in the list; the latest counts.
pub fn decide(
    command: &RecordExam,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let mut acting = Acting::on(reads, command.case)?;
    let by = acting.officer(actor)?.clone();
    acting.undecided()?;
    let length = command.mark.chars().count();
    if length > MARK_MAX {
        let (length, max) = (length as u64, MARK_MAX as u64);
        return Err(Rejection::NoteTooLong { length, max }.into());
    }
    let case = &acting.case;
    let scheme: Scheme = found(reads, case.scheme_ref(), Rejection::SchemeNotFound)?;
    if !scheme.exams.iter().any(|known| known.code == command.part) {
        return Err(Rejection::ExamUnknown.into());
    }
    if command.held_on > now.swedish_date() {
        return Err(Rejection::DateInFuture.into());
    }
    let exam = Exam {
        part: command.part.clone(),
        held_on: command.held_on,
        mark: command.mark.clone(),
        passed: command.passed,
        recorded_at: now,
    };
    let what = Happening::ExamRecorded { part: exam.part.clone(), passed: exam.passed };
    let (event, entry) = acting.log(Some(&by), now, what);
    let notice = Notice { person: acting.case.holder.person, about: event.at };
    acting.case.exams.push(exam);
    Ok(Changes {
        create: vec![event],
        update: vec![acting.with(&acting.case)],
        history: vec![entry],
        notices: vec![notice],
        ..Changes::default()
    })
}
