//! Letting a person in.

use serde::{Deserialize, Serialize};

use super::{Actor, Grant, Profile, Role};
use crate::{Changes, Decision, Kind, PersonId, Record, RecordId, Rejection, Scope, Timestamp};

/// Register a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterPerson {
    /// The new person's id.
    pub person: PersonId,
    /// The name as the person gave it.
    pub name: String,
    /// The services whose settings they see from the first day, so that they can apply before they have a case.
    #[serde(default)]
    pub services: Vec<RecordId>,
}

/// Only the issuer's own systems register people.
pub fn decide(command: &RegisterPerson, actor: Actor, now: Timestamp) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    let profile = Profile { person: command.person, name: command.name.clone() };
    let record = Record::new(Kind::Profile, RecordId(command.person.0), &profile);
    let grant = |service: &RecordId| Grant {
        person: command.person,
        role: Role::ServiceReader,
        scope: Scope::Service(*service),
        basis: record.at.id,
        from: now,
        to: None,
    };
    let grants = command.services.iter().map(grant).collect();
    Ok(Changes { create: vec![record], grants, ..Changes::default() })
}
