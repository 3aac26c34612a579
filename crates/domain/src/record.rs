//! Records: the things that people know by name, and who sees each kind.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{RecordId, Scope, cases::Case, identity::Profile, messages::Message};

/// What sort of thing a record is. Its text form stands on the wire and in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person's certification, from application on.
    Case,
    /// Something written by one party of a case to the other.
    Message,
    /// What the program calls the person who is signed in.
    Profile,
}

impl Kind {
    /// Every kind, in the order of their names.
    pub const ALL: [Self; 3] = [Self::Case, Self::Message, Self::Profile];

    /// The kind's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Message => "message",
            Self::Profile => "profile",
        }
    }

    /// The kind with this name; `None` for one that a newer version may know.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A record's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub id: RecordId,
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub at: RecordRef,
    /// Its content. Fields that this version does not know are kept.
    pub body: Value,
}

/// A record's body cannot be read as its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed;

impl Record {
    /// A record of this body.
    pub fn new<B: Serialize>(kind: Kind, id: RecordId, body: &B) -> Self {
        // bodies are plain structs with string keys: they always become JSON
        let body = serde_json::to_value(body).unwrap_or(Value::Null);
        Self { at: RecordRef { kind, id }, body }
    }

    /// The body, read as its kind's type.
    pub fn read<B: DeserializeOwned>(&self) -> Result<B, Malformed> {
        B::deserialize(&self.body).map_err(|_| Malformed)
    }
}

/// Who sees a record. The only place that says so; both stores ask it.
pub fn audience(record: &Record) -> Result<Vec<Scope>, Malformed> {
    Ok(match record.at.kind {
        Kind::Case => {
            let case: Case = record.read()?;
            vec![Scope::Case(case.issuer, record.at.id)]
        }
        Kind::Message => {
            let message: Message = record.read()?;
            vec![Scope::Case(message.issuer, message.case)]
        }
        Kind::Profile => {
            let profile: Profile = record.read()?;
            vec![Scope::Person(profile.person)]
        }
    })
}
