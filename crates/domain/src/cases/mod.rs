//! A person's certification, from the application on.

pub mod open_case;

use serde::{Deserialize, Serialize};

use crate::{IssuerId, Kind, PersonId, RecordId, RecordRef};

pub use open_case::OpenCase;

/// A person who takes part in a case, by the name that the others see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub person: PersonId,
    /// The name that the other party sees.
    pub name: String,
}

/// A case as both its parties see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The body that handles it.
    pub issuer: IssuerId,
    /// The service that it belongs to.
    pub service: RecordId,
    /// What is applied for, by its name in the service's settings.
    pub scheme: String,
    /// Registry number ("Order nr", KW-30).
    pub number: String,
    /// What is applied for, such as "F-gas, kategori I" (KW-27).
    pub title: String,
    /// Whose certification it is.
    pub holder: Party,
    /// The officer who handles it (KW-23).
    pub officer: Party,
}

impl Case {
    /// The settings that hold in it.
    pub fn service_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Service, id: self.service }
    }

    /// The party that this person is, if any.
    pub fn party(&self, person: PersonId) -> Option<&Party> {
        [&self.holder, &self.officer].into_iter().find(|party| party.person == person)
    }
}
