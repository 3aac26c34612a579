//! The issuer's own systems say what they hold on a person.

use serde::{Deserialize, Serialize};

use super::{Contact, Details, Field, tidy};
use crate::{
    Changes, Decision, IssuerId, PersonId, Read, Reads, Record, RecordRef, Rejection,
    decision::found,
    identity::{Actor, Profile},
};

/// Put a person's details in the place of those that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetContact {
    /// The body.
    pub issuer: IssuerId,
    /// Whose details.
    pub person: PersonId,
    /// Whether their identity is protected.
    pub protected: bool,
    /// The details.
    pub details: Box<Details>,
}

/// What the rule needs to see.
pub fn reads(command: &SetContact) -> Vec<RecordRef> {
    vec![Profile::at(command.person), Contact::at(command.issuer, command.person)]
}

/// Only the issuer's own systems set details, of people who are registered. Each detail that is there must
/// be usable.
pub fn decide(command: &SetContact, actor: Actor, reads: &Reads) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    let _: Profile = found(reads, Profile::at(command.person), Rejection::PersonNotFound)?;
    let mut details = Details::default();
    for field in Field::ALL {
        details.set(*field, tidy(*field, command.details.get(*field)));
    }
    let details = details.settled();
    details.check()?;
    let SetContact { issuer, person, protected, .. } = *command;
    let contact = Contact { issuer, person, protected, details };
    let at = Contact::at(issuer, person);
    let mut changes = Changes { history: vec![contact.log("contact_set")], ..Changes::default() };
    match reads.get(at) {
        Read::Found(old) => changes.update.push(old.with(&contact)),
        Read::Absent | Read::Unseen => changes.create.push(Record::new(at.kind, at.id, &contact)),
    }
    Ok(changes)
}
