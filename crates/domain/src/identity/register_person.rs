//! Letting a person in.

use serde::{Deserialize, Serialize};

use super::{Actor, Profile};
use crate::{Changes, Decision, Kind, PersonId, Record, RecordId, Rejection};

/// Register a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterPerson {
    /// The new person's id.
    pub person: PersonId,
    /// The name as the person gave it.
    pub name: String,
}

/// Only the issuer's own systems register people.
pub fn decide(command: &RegisterPerson, actor: Actor) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    let profile = Profile { person: command.person, name: command.name.clone() };
    let record = Record::new(Kind::Profile, RecordId(command.person.0), &profile);
    Ok(Changes { create: vec![record], ..Changes::default() })
}
