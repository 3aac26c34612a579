//! A scope is an audience: everybody who holds it sees every record in it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{IssuerId, PersonId, RecordId};

/// An audience. Its text form is its name on the wire and in both databases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `person/P`: what only the person sees.
    Person(PersonId),
    /// `issuer/I/case/K`: the person whose case it is and the officer who handles it.
    Case(IssuerId, RecordId),
    /// `service/S`: the public settings of a service, for everybody who has to do with it.
    Service(RecordId),
}

/// The text is no scope that this version knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScope;

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown scope")
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person/{person}"),
            Self::Case(issuer, case) => write!(f, "issuer/{issuer}/case/{case}"),
            Self::Service(service) => write!(f, "service/{service}"),
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('/');
        let scope = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("person"), Some(person), None, None) => {
                Self::Person(person.parse().map_err(|_| UnknownScope)?)
            }
            (Some("service"), Some(service), None, None) => {
                Self::Service(service.parse().map_err(|_| UnknownScope)?)
            }
            (Some("issuer"), Some(issuer), Some("case"), Some(case)) => Self::Case(
                issuer.parse().map_err(|_| UnknownScope)?,
                case.parse().map_err(|_| UnknownScope)?,
            ),
            _ => return Err(UnknownScope),
        };
        if parts.next().is_some() { Err(UnknownScope) } else { Ok(scope) }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
