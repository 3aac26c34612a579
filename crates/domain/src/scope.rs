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
    /// `issuer/I/case/K/staff`: the officer who handles it, and never the person whose case it is.
    CaseStaff(IssuerId, RecordId),
    /// `issuer/I/person/P`: what a body holds on a person whatever the case: the person and the officers of
    /// their cases.
    Client(IssuerId, PersonId),
    /// `issuer/I/internal`: everybody who handles cases for a body.
    Internal(IssuerId),
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
            Self::CaseStaff(issuer, case) => write!(f, "issuer/{issuer}/case/{case}/staff"),
            Self::Client(issuer, person) => write!(f, "issuer/{issuer}/person/{person}"),
            Self::Internal(issuer) => write!(f, "issuer/{issuer}/internal"),
            Self::Service(service) => write!(f, "service/{service}"),
        }
    }
}

fn id<T: FromStr>(text: &str) -> Result<T, UnknownScope> {
    text.parse().map_err(|_| UnknownScope)
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        Ok(match parts.as_slice() {
            ["person", person] => Self::Person(id(person)?),
            ["service", service] => Self::Service(id(service)?),
            ["issuer", issuer, "internal"] => Self::Internal(id(issuer)?),
            ["issuer", issuer, "person", person] => Self::Client(id(issuer)?, id(person)?),
            ["issuer", issuer, "case", case, "staff"] => Self::CaseStaff(id(issuer)?, id(case)?),
            ["issuer", issuer, "case", case] => Self::Case(id(issuer)?, id(case)?),
            _ => return Err(UnknownScope),
        })
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
