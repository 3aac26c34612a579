//! Noting how far a conversation has been read.

use serde::{Deserialize, Serialize};

use super::{Message, ReadMark};
use crate::{
    Changes, Decision, Kind, PersonId, Read, Reads, Record, RecordId, RecordRef, Rejection,
    Timestamp, cases::Case, decision::found, identity::Actor,
};

/// Note how far a conversation has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRead {
    /// The case.
    pub case: RecordId,
    /// The message that began the conversation.
    pub thread: RecordId,
    /// The person who has read; it must be the one who asks.
    pub person: PersonId,
    /// When the newest message that was read had been received.
    pub up_to: Timestamp,
}

impl MarkRead {
    fn case_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Case, id: self.case }
    }

    fn thread_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Message, id: self.thread }
    }

    /// The record that it makes or moves on.
    pub fn mark_ref(&self) -> RecordRef {
        mark_ref(self.thread, self.person)
    }
}

/// A person has one mark in a conversation.
pub fn mark_ref(thread: RecordId, person: PersonId) -> RecordRef {
    RecordRef { kind: Kind::ReadMark, id: RecordId::within(thread, person.0.as_bytes()) }
}

/// What the rule needs to see.
pub fn reads(command: &MarkRead) -> Vec<RecordRef> {
    vec![command.case_ref(), command.thread_ref(), command.mark_ref()]
}

/// A party of the case moves their own mark, and never back.
pub fn decide(command: &MarkRead, actor: Actor, reads: &Reads) -> Result<Changes, Decision> {
    let case: Case = found(reads, command.case_ref(), Rejection::CaseNotFound)?;
    if actor != Actor::Person(command.person) || case.party(command.person).is_none() {
        return Err(Rejection::CaseNotFound.into());
    }
    let first: Message = found(reads, command.thread_ref(), Rejection::ThreadNotFound)?;
    if first.case != command.case || first.thread != command.thread {
        return Err(Rejection::ThreadNotFound.into());
    }
    let mut mark = ReadMark {
        person: command.person,
        case: command.case,
        thread: command.thread,
        up_to: command.up_to,
    };
    let at = command.mark_ref();
    let mut changes = Changes::default();
    match reads.get(at) {
        Read::Found(old) => {
            let before: ReadMark = old.read().map_err(Decision::Fault)?;
            mark.up_to = mark.up_to.max(before.up_to);
            changes.update.push(old.with(&mark));
        }
        // an unseen mark can only lie further on, and then it stays where it is
        Read::Absent | Read::Unseen => {
            changes.create.push(Record::new(Kind::ReadMark, at.id, &mark));
        }
    }
    Ok(changes)
}
