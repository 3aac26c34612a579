//! Whoever cannot be told by e-mail is told by letter (KW-25): somebody at the body has to post one.

use serde::{Deserialize, Serialize};

use super::{ANALOG, Contact};
use crate::{
    Changes, Decision, HistoryEntry, IssuerId, Kind, Notice, PersonId, Reads, Record, RecordId,
    RecordRef, Rejection, Scope, Timestamp,
    cases::Case,
    decision::record,
    identity::{Actor, Staff},
};

/// A letter that somebody at the body is to post. Everybody there sees it, so it says neither who gets it nor
/// what is in it: whoever handles the case finds both there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalTask {
    /// The body.
    pub issuer: IssuerId,
    /// The case.
    pub case: RecordId,
    /// Its registry number.
    pub number: String,
    /// What is new in it.
    pub about: RecordRef,
    /// Since when.
    pub made_at: Timestamp,
    /// Who has posted it; nobody yet.
    pub done: Option<Posted>,
}

/// Who has posted a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
}

/// The letter that tells somebody what a mail would have told, if that is how they are reached. `case` is
/// where it happened.
pub fn by_post(
    notice: &Notice,
    case: (RecordId, &Case),
    contact: &Contact,
    now: Timestamp,
) -> Option<Record> {
    let (case, Case { issuer, number, .. }) = case;
    if contact.details.channel != ANALOG {
        return None;
    }
    let RecordRef { kind, id } = notice.about;
    let name = format!("post/{}/{id}/{now}", kind.name());
    let task = PostalTask {
        issuer: *issuer,
        case,
        number: number.clone(),
        about: notice.about,
        made_at: now,
        done: None,
    };
    Some(Record::new(Kind::PostalTask, RecordId::within(case, name.as_bytes()), &task))
}

/// Note that a letter is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletePostalTask {
    /// Which.
    pub task: RecordId,
    /// Who has posted it; it must be the one who asks.
    pub person: PersonId,
}

impl CompletePostalTask {
    /// Where the task is.
    pub fn task_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::PostalTask, id: self.task }
    }
}

/// What the rule needs to see: the task, then whether the person works at the body.
pub fn reads(command: &CompletePostalTask, so_far: &Reads) -> Vec<RecordRef> {
    let task = so_far.found::<PostalTask>(command.task_ref()).and_then(Result::ok);
    let staff = task.map(|task| Staff::at(task.issuer, command.person));
    std::iter::once(command.task_ref()).chain(staff).collect()
}

/// Somebody who handles cases for the body notes it once.
pub fn decide(
    command: &CompletePostalTask,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let old = record(reads, command.task_ref(), Rejection::PostalTaskNotFound)?;
    let task: PostalTask = old.read().map_err(Decision::Fault)?;
    if actor != Actor::Person(command.person) {
        return Err(Rejection::PostalTaskNotFound.into());
    }
    let staff =
        record(reads, Staff::at(task.issuer, command.person), Rejection::PostalTaskNotFound)?;
    let Staff { name, .. } = staff.read().map_err(Decision::Fault)?;
    if let Some(Posted { by_name, .. }) = task.done {
        return Err(Rejection::PostalTaskDone { by_name }.into());
    }
    let done = Some(Posted { by_name: name, at: now });
    let scope = Scope::Internal(task.issuer);
    Ok(Changes {
        update: vec![old.with(&PostalTask { done, ..task })],
        history: vec![HistoryEntry { scope, event: "letter_posted", about: old.at }],
        ..Changes::default()
    })
}
