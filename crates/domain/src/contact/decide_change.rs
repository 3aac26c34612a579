//! What becomes of a proposal: an officer puts it in force or refuses it, or the person takes it back.

use serde::{Deserialize, Serialize};

use super::{Contact, ContactProposal, FieldChange, Held, ProposalHandling};
use crate::{
    Changes, Decision, Kind, Notice, Reads, Record, RecordId, RecordRef, Rejection, Timestamp,
    cases::{Acting, Case, Party},
    decision::record,
    documents::submit_document::check_note,
    identity::Actor,
};

/// Put a proposed change in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptContactChange {
    /// A case that the person has with the body.
    pub case: RecordId,
    /// The details.
    pub contact: RecordId,
    /// The proposal that the officer has seen.
    pub proposal: RecordId,
    /// What it said then: whoever proposes can say something else under the same id.
    pub changes: Vec<FieldChange>,
}

/// Refuse a proposed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefuseContactChange {
    /// A case that the person has with the body.
    pub case: RecordId,
    /// The details.
    pub contact: RecordId,
    /// The proposal that the officer has seen.
    pub proposal: RecordId,
    /// What it said then.
    pub changes: Vec<FieldChange>,
    /// Why, and what to do.
    pub reason: String,
}

/// Take a proposed change back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawContactChange {
    /// A case that the person has with the body.
    pub case: RecordId,
    /// The details.
    pub contact: RecordId,
    /// The proposal.
    pub proposal: RecordId,
}

/// What the rules need to see: the case, the details and the proposal.
pub fn reads(case: RecordId, contact: RecordId) -> [RecordRef; 3] {
    let details = RecordRef { kind: Kind::Contact, id: contact };
    [Case::at(case), details, ContactProposal::at(contact)]
}

/// A proposal that waits.
struct Waiting<'a> {
    held: Held<'a>,
    record: &'a Record,
    proposal: ContactProposal,
}

impl<'a> Waiting<'a> {
    fn on(
        acting: &Acting<'_>,
        reads: &'a Reads,
        contact: RecordId,
        proposal: RecordId,
    ) -> Result<Self, Decision> {
        let held = Held::by(acting, reads, contact)?;
        let at = ContactProposal::at(contact);
        let record = record(reads, at, Rejection::ProposalNotFound)?;
        let found: ContactProposal = record.read().map_err(Decision::Fault)?;
        if found.id != proposal {
            return Err(Rejection::ProposalReplaced.into());
        }
        if found.handling != ProposalHandling::Waiting {
            return Err(Rejection::ProposalHandled.into());
        }
        Ok(Self { held, record, proposal: found })
    }

    /// A proposal that still says what an officer saw.
    fn seen(
        acting: &Acting<'_>,
        reads: &'a Reads,
        contact: RecordId,
        (proposal, changes): (RecordId, &[FieldChange]),
    ) -> Result<Self, Decision> {
        let waiting = Self::on(acting, reads, contact, proposal)?;
        if waiting.proposal.changes == changes {
            Ok(waiting)
        } else {
            Err(Rejection::ProposalReplaced.into())
        }
    }

    fn end(self, handling: ProposalHandling, event: &'static str) -> Changes {
        Changes {
            update: vec![self.record.with(&ContactProposal { handling, ..self.proposal })],
            history: vec![self.held.contact.log(event)],
            ..Changes::default()
        }
    }
}

/// An officer of any of the person's cases puts the change in force that they have seen, if what it replaces still
/// stands and the details can be used as they are then.
pub fn accept(
    command: &AcceptContactChange,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let Party { person: by, name: by_name } = acting.officer(actor)?.clone();
    let seen = (command.proposal, command.changes.as_slice());
    let waiting = Waiting::seen(&acting, reads, command.contact, seen)?;
    let Held { record, contact } = &waiting.held;
    contact.still_is(&waiting.proposal.changes)?;
    let mut details = contact.details.clone();
    for change in &waiting.proposal.changes {
        details.set(change.field, change.to.clone());
    }
    let details = details.settled();
    details.check()?;
    let contact = record.with(&Contact { details, ..contact.clone() });
    let handling = ProposalHandling::Accepted { by, by_name, at: now };
    let mut changes = waiting.end(handling, "contact_change_accepted");
    changes.update.push(contact);
    changes.notices.push(notice(&acting));
    Ok(changes)
}

/// An officer of any of the person's cases refuses the change that they have seen, with a reason.
pub fn refuse(
    command: &RefuseContactChange,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if command.reason.trim().is_empty() {
        return Err(Rejection::ReasonMissing.into());
    }
    check_note(&command.reason)?;
    let acting = Acting::on(reads, command.case)?;
    let Party { person: by, name: by_name } = acting.officer(actor)?.clone();
    let seen = (command.proposal, command.changes.as_slice());
    let waiting = Waiting::seen(&acting, reads, command.contact, seen)?;
    let reason = command.reason.clone();
    let handling = ProposalHandling::Refused { by, by_name, at: now, reason };
    let mut changes = waiting.end(handling, "contact_change_refused");
    changes.notices.push(notice(&acting));
    Ok(changes)
}

/// The person takes back a change that nobody has decided.
pub fn withdraw(
    command: &WithdrawContactChange,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    acting.holder(actor)?;
    let waiting = Waiting::on(&acting, reads, command.contact, command.proposal)?;
    Ok(waiting.end(ProposalHandling::Withdrawn { at: now }, "contact_change_withdrawn"))
}

fn notice(acting: &Acting<'_>) -> Notice {
    Notice { person: acting.case.holder.person, about: acting.at }
}
