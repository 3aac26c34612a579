//! Letting a person handle cases for a body.

use serde::{Deserialize, Serialize};

use super::{Actor, Grant, Profile, Role, Staff};
use crate::{
    Changes, Decision, HistoryEntry, IssuerId, PersonId, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp, decision::found,
};

/// Make a person one of those who handle cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointOfficer {
    /// The body.
    pub issuer: IssuerId,
    /// Its service, whose settings they see.
    pub service: RecordId,
    /// Who.
    pub person: PersonId,
}

impl AppointOfficer {
    /// The record that it makes.
    pub fn staff_ref(&self) -> RecordRef {
        Staff::at(self.issuer, self.person)
    }
}

/// What the rule needs to see.
pub fn reads(command: &AppointOfficer) -> Vec<RecordRef> {
    vec![Profile::at(command.person)]
}

/// Only the issuer's own systems appoint officers, and only people who are registered.
pub fn decide(
    command: &AppointOfficer,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    let profile: Profile = found(reads, Profile::at(command.person), Rejection::PersonNotFound)?;
    let at = command.staff_ref();
    let staff = Staff { issuer: command.issuer, person: command.person, name: profile.name };
    let grant = |role, scope| {
        let (person, basis) = (command.person, at.id);
        Grant { person, role, scope, basis, from: now, to: None }
    };
    Ok(Changes {
        create: vec![Record::new(at.kind, at.id, &staff)],
        grants: vec![
            grant(Role::Staff, Scope::Internal(command.issuer)),
            grant(Role::ServiceReader, Scope::Service(command.service)),
        ],
        history: vec![HistoryEntry {
            scope: Scope::Internal(command.issuer),
            event: "officer_appointed",
            about: at,
        }],
        ..Changes::default()
    })
}
