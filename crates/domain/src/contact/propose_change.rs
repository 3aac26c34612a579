//! A person proposes a change of their details: KW-59 to KW-61.

use serde::{Deserialize, Serialize};

use super::{
    Contact, ContactProposal, Details, Field, FieldChange, FieldFault, Held, ProposalHandling,
    fault_in, tidy,
};
use crate::{
    Changes, Decision, Kind, Read, Reads, Record, RecordId, RecordRef, Rejection, Timestamp,
    cases::{Acting, Case},
    identity::Actor,
};

/// Propose a change of one's details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposeContactChange {
    /// The new proposal's id.
    pub id: RecordId,
    /// A case that the person has with the body.
    pub case: RecordId,
    /// The details.
    pub contact: RecordId,
    /// Only what is to change, each with what stood there.
    pub changes: Vec<FieldChange>,
}

/// What the rule needs to see: the case, the details and the proposal that this one replaces.
pub fn reads(command: &ProposeContactChange) -> Vec<RecordRef> {
    let contact = RecordRef { kind: Kind::Contact, id: command.contact };
    vec![Case::at(command.case), contact, ContactProposal::at(command.contact)]
}

/// What comes of what was typed over some of the details: what changes, and what is wrong with it.
pub fn preview<'a>(
    contact: &Contact,
    typed: impl IntoIterator<Item = (Field, &'a str)>,
) -> (Vec<FieldChange>, Vec<(Field, FieldFault)>) {
    let mut new = contact.details.clone();
    for (field, text) in typed {
        new.set(field, tidy(field, text));
    }
    let new = new.settled();
    let changes = contact.details.changes_to(&new);
    let faults = faults(&new, &changes);
    (changes, faults)
}

fn faults(new: &Details, changes: &[FieldChange]) -> Vec<(Field, FieldFault)> {
    let is_changed = |field| changes.iter().any(|change| change.field == field);
    let fault = |field: &Field| Some((*field, fault_in(new, *field, is_changed)?));
    Field::ALL.iter().filter_map(fault).collect()
}

/// The holder of a case proposes other details. What stands there still stands until an officer has looked;
/// a proposal that nobody has decided gives way to the new one.
pub fn decide(
    command: &ProposeContactChange,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    acting.holder(actor)?;
    let Held { contact, .. } = Held::by(&acting, reads, command.contact)?;
    contact.still_is(&command.changes)?;
    let typed = command.changes.iter().map(|change| (change.field, change.to.as_str()));
    let (changes, faults) = preview(&contact, typed);
    if let Some((field, fault)) = faults.into_iter().next() {
        return Err(Rejection::ContactFieldUnusable { field, fault }.into());
    }
    if changes.is_empty() {
        return Err(Rejection::NothingChanged.into());
    }
    let history = vec![contact.log("contact_change_proposed")];
    let proposal = ContactProposal {
        issuer: contact.issuer,
        person: contact.person,
        id: command.id,
        changes,
        received_at: now,
        handling: ProposalHandling::Waiting,
    };
    let at = ContactProposal::at(command.contact);
    let mut changes = Changes { history, ..Changes::default() };
    match reads.get(at) {
        Read::Found(old) => changes.update.push(old.with(&proposal)),
        // who sees the details sees the proposal: unseen, there is none
        Read::Absent | Read::Unseen => {
            changes.create.push(Record::new(at.kind, at.id, &proposal));
        }
    }
    Ok(changes)
}
